-- The events of Zammad, from its tables as of 2026, in PostgreSQL:
--
--   psql -f zammad.sql
--
-- Agents and customers are keys of users, so that no name leaves the database; a
-- conversation has the number of the ticket. What the tables do not tell: what was deleted,
-- whose rows are gone, and ratings, which Zammad does not ask for. A rule of a trigger or
-- of the scheduler acts as user 1, as the owner of a ticket that nobody owns does.

DROP VIEW IF EXISTS service_events;

CREATE VIEW service_events AS
WITH
-- What customers and the desk said to each other. An article that nobody was sent, such as
-- a note, is none, and nor is one of the system that tells of its own failure.
article AS (
  SELECT a.id, t.number, t.customer_id, a.created_at, a.created_by_id, s.name AS sender, y.name AS type
  FROM ticket_articles a
  JOIN tickets t ON t.id = a.ticket_id
  JOIN ticket_article_senders s ON s.id = a.sender_id
  JOIN ticket_article_types y ON y.id = a.type_id
  WHERE NOT a.internal AND (y.communication OR s.name = 'Customer')
    AND COALESCE(a.preferences, '') NOT LIKE '%delivery_status: fail%'
),
history AS (
  SELECT h.id, h.o_id, t.number, t.customer_id, h.created_at, h.created_by_id, h.id_from, h.id_to, y.name AS type, COALESCE(n.name, '') AS attribute
  FROM histories h
  JOIN history_objects o ON o.id = h.history_object_id AND o.name = 'Ticket'
  JOIN history_types y ON y.id = h.history_type_id
  JOIN tickets t ON t.id = h.o_id
  LEFT JOIN history_attributes n ON n.id = h.history_attribute_id
),
-- A state says where the ticket is. That it is open ends a hold as well as it reopens what
-- was closed; which of both it did, the order of the events tells. A merger has a row of
-- its own.
means AS (
  SELECT 'new' AS state_type, 'reopened' AS type UNION ALL
  SELECT 'new', 'resumed' UNION ALL
  SELECT 'open', 'reopened' UNION ALL
  SELECT 'open', 'resumed' UNION ALL
  SELECT 'pending reminder', 'paused' UNION ALL
  SELECT 'pending action', 'paused' UNION ALL
  SELECT 'closed', 'resolved' UNION ALL
  SELECT 'removed', 'discarded'
),
state_change AS (
  SELECT h.id, h.number, h.created_at, means.type,
    CASE WHEN h.created_by_id NOT IN (1, h.customer_id) THEN CAST(h.created_by_id AS text) END AS agent,
    CASE h.created_by_id WHEN 1 THEN 'automation' WHEN h.customer_id THEN 'customer' END AS done_by
  FROM history h
  JOIN ticket_states s ON s.id = h.id_to
  JOIN ticket_state_types y ON y.id = s.state_type_id
  JOIN means ON means.state_type = y.name
  WHERE h.attribute = 'state' AND h.type = 'updated'
),
-- What was so at the beginning has no row: it is where the first change came from, or what
-- is so today. It came with the first article, after it.
first_change AS (
  SELECT o_id, attribute, id_from, ROW_NUMBER() OVER (PARTITION BY o_id, attribute ORDER BY id) AS nth
  FROM history WHERE attribute IN ('state', 'owner', 'group', 'priority') AND type = 'updated'
),
first_article AS (
  SELECT ticket_id, MIN(created_at) AS created_at FROM ticket_articles GROUP BY ticket_id
),
beginning AS (
  SELECT t.id, t.number, t.created_by_id, COALESCE(a.created_at, t.created_at) AS created_at,
    COALESCE(s.id_from, t.state_id) AS state_id, COALESCE(o.id_from, t.owner_id) AS owner_id,
    COALESCE(g.id_from, t.group_id) AS group_id, COALESCE(p.id_from, t.priority_id) AS priority_id
  FROM tickets t
  LEFT JOIN first_article a ON a.ticket_id = t.id
  LEFT JOIN first_change s ON s.o_id = t.id AND s.attribute = 'state' AND s.nth = 1
  LEFT JOIN first_change o ON o.o_id = t.id AND o.attribute = 'owner' AND o.nth = 1
  LEFT JOIN first_change g ON g.o_id = t.id AND g.attribute = 'group' AND g.nth = 1
  LEFT JOIN first_change p ON p.o_id = t.id AND p.attribute = 'priority' AND p.nth = 1
),
-- The owner and the group are told by two rows. An event has both: what its row says, and
-- what was said last of the other one.
given AS (
  SELECT 0 AS id, CAST(id AS text) || '-first' AS name, number, created_at, owner_id, group_id FROM beginning
  UNION ALL
  SELECT id, CAST(id AS text), number, created_at,
    CASE WHEN attribute = 'owner' THEN id_to END, CASE WHEN attribute = 'group' THEN id_to END
  FROM history WHERE attribute IN ('owner', 'group') AND type = 'updated'
),
numbered AS (
  SELECT g.*, COUNT(g.owner_id) OVER (PARTITION BY g.number ORDER BY g.id) AS nth_owner,
    COUNT(g.group_id) OVER (PARTITION BY g.number ORDER BY g.id) AS nth_group
  FROM given g
),
charge AS (
  SELECT id, name, number, created_at, MAX(owner_id) OVER (PARTITION BY number, nth_owner) AS owner_id,
    MAX(group_id) OVER (PARTITION BY number, nth_group) AS group_id
  FROM numbered
)
SELECT 'opened' AS type, CAST(t.id AS text) AS id, t.number AS conversation, t.created_at AT TIME ZONE 'UTC' AS at,
  CAST(NULL AS bigint) AS seq, CASE y.name
    WHEN 'email' THEN 'email' WHEN 'phone' THEN 'phone' WHEN 'web' THEN 'web' WHEN 'chat' THEN 'chat' WHEN 'sms' THEN 'sms'
    WHEN 'telegram personal-message' THEN 'messaging' WHEN 'whatsapp message' THEN 'messaging'
    WHEN 'facebook feed post' THEN 'social' WHEN 'facebook feed comment' THEN 'social'
    WHEN 'twitter status' THEN 'social' WHEN 'twitter direct-message' THEN 'messaging'
    ELSE 'other' END AS channel,
  CAST(NULL AS text) AS customer, CAST(NULL AS text) AS agent, CAST(NULL AS text) AS team, CAST(NULL AS text) AS "by",
  p.name AS priority,
  CAST(NULL AS text) AS "into"
FROM tickets t
LEFT JOIN ticket_article_types y ON y.id = t.create_article_type_id
JOIN beginning b ON b.id = t.id
LEFT JOIN ticket_priorities p ON p.id = b.priority_id
UNION ALL
SELECT 'message_received', CAST(id AS text), number, created_at AT TIME ZONE 'UTC',
  NULL, NULL, CAST(customer_id AS text), NULL, NULL, NULL, NULL, NULL
FROM article WHERE sender = 'Customer'
UNION ALL
SELECT 'reply_sent', CAST(id AS text), number, created_at AT TIME ZONE 'UTC',
  NULL, NULL, NULL, CASE WHEN created_by_id <> 1 THEN CAST(created_by_id AS text) END, NULL,
  CASE WHEN sender = 'System' OR created_by_id = 1 THEN 'automation' END, NULL, NULL
FROM article
-- A call that came in is the customer's, and was answered by who wrote it down.
WHERE sender IN ('Agent', 'System') OR sender = 'Customer' AND type = 'phone' AND created_by_id <> customer_id
UNION ALL
-- The key puts the rows of one save in their order.
SELECT type, CAST(id AS text), number, created_at AT TIME ZONE 'UTC',
  id, NULL, NULL, CASE WHEN type IN ('resolved', 'reopened') THEN agent END, NULL,
  CASE WHEN type IN ('resolved', 'reopened') THEN done_by END, NULL, NULL
FROM state_change
UNION ALL
SELECT means.type, CAST(f.id AS text) || '-first', f.number, f.created_at AT TIME ZONE 'UTC',
  1, NULL, NULL, CASE WHEN means.type = 'resolved' THEN CAST(f.created_by_id AS text) END, NULL, NULL, NULL, NULL
FROM beginning f
JOIN ticket_states s ON s.id = f.state_id
JOIN ticket_state_types y ON y.id = s.state_type_id
JOIN means ON means.state_type = y.name
WHERE means.type NOT IN ('reopened', 'resumed')
UNION ALL
SELECT 'assigned', name, number, created_at AT TIME ZONE 'UTC',
  id, NULL, NULL, CASE WHEN owner_id <> 1 THEN CAST(owner_id AS text) END, CAST(group_id AS text), NULL, NULL, NULL
FROM charge
UNION ALL
SELECT 'prioritized', CAST(h.id AS text), h.number, h.created_at AT TIME ZONE 'UTC',
  h.id, NULL, NULL, NULL, NULL, NULL, p.name, NULL
FROM history h JOIN ticket_priorities p ON p.id = h.id_to
WHERE h.attribute = 'priority' AND h.type = 'updated'
UNION ALL
-- The articles have gone to the other ticket already, with their own times.
SELECT 'merged', CAST(h.id AS text), h.number, h.created_at AT TIME ZONE 'UTC',
  h.id, NULL, NULL, NULL, NULL, NULL, NULL, t.number
FROM history h JOIN tickets t ON t.id = h.id_to
WHERE h.type = 'merged_into';

-- When each conversation changed last, in microseconds since 1970.
DROP VIEW IF EXISTS service_changes;

CREATE VIEW service_changes AS
SELECT t.number AS conversation,
  CAST(EXTRACT(EPOCH FROM GREATEST(t.updated_at,
    (SELECT MAX(a.updated_at) FROM ticket_articles a WHERE a.ticket_id = t.id),
    (SELECT MAX(h.created_at) FROM histories h JOIN history_objects o ON o.id = h.history_object_id WHERE h.o_id = t.id AND o.name = 'Ticket'))) * 1000000 AS bigint) AS changed
FROM tickets t;
