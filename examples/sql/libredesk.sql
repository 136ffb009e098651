-- The events of LibreDesk, from its tables as of 2026, in PostgreSQL:
--
--   psql -f libredesk.sql
--
-- Agents, customers and teams are keys of users and teams, so that no name leaves the
-- database; a conversation has its reference number, which the desk shows. What the tables do not tell: who deleted a conversation, which is gone with its
-- rows; when a snooze ended by itself; and who it was that has another name today, since an
-- assignment is kept as a sentence with names.

DROP VIEW IF EXISTS service_events;

CREATE VIEW service_events AS
WITH
-- Messages that a customer saw, and what they are. The survey goes out in the name of the
-- agent, and an e-mail that repeats a chat is no answer of its own.
message AS (
  SELECT m.id, c.reference_number AS conversation, m.created_at, m.type, m.sender_id,
    CASE WHEN u.email <> 'System' OR u.email IS NULL THEN CAST(u.id AS text) END AS agent,
    CASE
      WHEN CAST(u.type AS text) = 'ai_assistant' THEN 'assistant'
      WHEN u.email = 'System' THEN 'automation'
      WHEN CAST(m.meta ->> 'is_automated' AS text) IN ('true', '1') THEN 'automation'
    END AS sent_by,
    CASE WHEN CAST(m.meta ->> 'is_csat' AS text) IN ('true', '1') THEN 1 ELSE 0 END AS is_survey
  FROM conversation_messages m JOIN users u ON u.id = m.sender_id JOIN conversations c ON c.id = m.conversation_id
  WHERE NOT m.private AND m.status IN ('received', 'sent')
    AND COALESCE(CAST(m.meta ->> 'continuity_email' AS text), 'false') NOT IN ('true', '1')
),
-- What agents did, as English sentences.
activity AS (
  SELECT m.id, c.reference_number AS conversation, c.snoozed_until, m.created_at, m.sender_id, m.content, CAST(m.meta ->> 'activity_type' AS text) AS kind,
    CASE
      WHEN CAST(u.type AS text) = 'ai_assistant' THEN 'assistant'
      WHEN u.email = 'System' THEN 'automation'
    END AS done_by
  FROM conversation_messages m JOIN users u ON u.id = m.sender_id JOIN conversations c ON c.id = m.conversation_id
  WHERE m.type = 'activity'
),
-- The people whom the sentences name. Of two of one name it is the one who came first.
person AS (
  SELECT TRIM(first_name || ' ' || COALESCE(last_name, '')) AS name, MIN(id) AS id
  FROM users WHERE CAST(type AS text) IN ('agent', 'ai_assistant')
  GROUP BY TRIM(first_name || ' ' || COALESCE(last_name, ''))
),
-- Of a team that is given a conversation nobody has it yet. An agent who is given one has it
-- for the team that was given it last.
given AS (
  SELECT a.id, a.conversation, a.created_at, CAST(NULL AS bigint) AS agent_id, t.id AS team_id
  FROM activity a JOIN teams t ON a.content LIKE 'Assigned to ' || t.name || ' team by %'
  WHERE a.kind = 'assigned_team_change'
  UNION ALL
  SELECT a.id, a.conversation, a.created_at, a.sender_id, NULL
  FROM activity a WHERE a.kind = 'self_assign'
  UNION ALL
  SELECT a.id, a.conversation, a.created_at, p.id, NULL
  FROM activity a JOIN person p ON a.content LIKE 'Assigned to ' || p.name || ' by %'
  WHERE a.kind = 'assigned_user_change'
  UNION ALL
  SELECT a.id, a.conversation, a.created_at, NULL, NULL
  FROM activity a WHERE a.kind IN ('assignee_user_removed', 'self_unassign')
),
numbered AS (
  SELECT g.*, COUNT(g.team_id) OVER (PARTITION BY g.conversation ORDER BY g.id) AS nth_team FROM given g
),
-- A status says where the conversation is. That it is open ends a hold as well as it
-- reopens what was resolved; which of both it did, the order of the events tells.
means AS (
  SELECT 'open' AS category, 'reopened' AS type UNION ALL
  SELECT 'open', 'resumed' UNION ALL
  SELECT 'waiting', 'paused' UNION ALL
  SELECT 'resolved', 'resolved'
),
status_change AS (
  SELECT a.id, a.conversation, a.snoozed_until, a.created_at, a.sender_id, a.done_by, means.type,
    MAX(a.id) OVER (PARTITION BY a.conversation) AS last_id
  FROM activity a
  JOIN conversation_statuses s ON a.content LIKE '% marked the conversation as ' || s.name
  JOIN means ON means.category = CAST(s.category AS text)
  WHERE a.kind = 'status_change'
)
SELECT 'opened' AS type, CAST(c.id AS text) AS id, c.reference_number AS conversation, c.created_at AS at,
  CASE CAST(i.channel AS text) WHEN 'livechat' THEN 'chat' WHEN 'whatsapp' THEN 'messaging' ELSE CAST(i.channel AS text) END AS channel,
  CAST(NULL AS text) AS customer, CAST(NULL AS text) AS agent, CAST(NULL AS text) AS team, CAST(NULL AS text) AS "by",
  CAST(NULL AS integer) AS stars, CAST(NULL AS text) AS priority, CAST(NULL AS timestamptz) AS until
FROM conversations c JOIN inboxes i ON i.id = c.inbox_id
UNION ALL
SELECT 'message_received', CAST(id AS text), conversation, created_at, NULL,
  CAST(sender_id AS text), NULL, NULL, NULL, NULL, NULL, NULL
FROM message WHERE type = 'incoming'
UNION ALL
SELECT 'reply_sent', CAST(id AS text), conversation, created_at, NULL,
  NULL, agent, NULL, sent_by, NULL, NULL, NULL
FROM message WHERE type = 'outgoing' AND is_survey = 0
UNION ALL
SELECT 'rating_requested', CAST(id AS text), conversation, created_at, NULL,
  NULL, agent, NULL, NULL, NULL, NULL, NULL
FROM message WHERE type = 'outgoing' AND is_survey = 1
UNION ALL
-- A row is there from the request on, without a rating until there is an answer.
SELECT 'rating_given', CAST(r.id AS text), c.reference_number, r.response_timestamp, NULL,
  NULL, NULL, NULL, NULL, r.rating, NULL, NULL
FROM csat_responses r JOIN conversations c ON c.id = r.conversation_id WHERE r.rating > 0 AND r.response_timestamp IS NOT NULL
UNION ALL
SELECT 'assigned', CAST(id AS text), conversation, created_at, NULL,
  NULL, CAST(agent_id AS text), CAST(MAX(team_id) OVER (PARTITION BY conversation, nth_team) AS text), NULL, NULL, NULL, NULL
FROM numbered
UNION ALL
SELECT 'prioritized', CAST(a.id AS text), a.conversation, a.created_at, NULL,
  NULL, NULL, NULL, NULL, NULL, p.name, NULL
FROM activity a JOIN conversation_priorities p ON a.content LIKE '% set priority to ' || p.name
WHERE a.kind = 'priority_change'
UNION ALL
-- The end of a snooze is known while it lasts.
SELECT s.type, CAST(s.id AS text), s.conversation, s.created_at, NULL,
  NULL, CASE WHEN s.type IN ('resolved', 'reopened') AND COALESCE(s.done_by, '') <> 'automation' THEN CAST(s.sender_id AS text) END, NULL,
  CASE WHEN s.type IN ('resolved', 'reopened') THEN s.done_by END, NULL, NULL,
  CASE WHEN s.type = 'paused' AND s.snoozed_until > s.created_at AND s.id = s.last_id THEN s.snoozed_until END
FROM status_change s;

-- When each conversation changed last, in microseconds since 1970.
DROP VIEW IF EXISTS service_changes;

CREATE VIEW service_changes AS
SELECT c.reference_number AS conversation,
  CAST(EXTRACT(EPOCH FROM GREATEST(c.updated_at,
    (SELECT MAX(m.updated_at) FROM conversation_messages m WHERE m.conversation_id = c.id),
    (SELECT MAX(r.updated_at) FROM csat_responses r WHERE r.conversation_id = c.id))) * 1000000 AS bigint) AS changed
FROM conversations c;
