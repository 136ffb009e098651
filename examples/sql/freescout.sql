-- The events of FreeScout, from its tables as of 2026, in MySQL 8 and MariaDB 10.2 or later:
--
--   mysql freescout < freescout.sql
--
-- Agents and customers are keys of users and customers, so that no name leaves the
-- database; a conversation has the number that the desk shows. FreeScout writes times in
-- its APP_TIMEZONE, which is UTC unless it was changed: for another zone, put
-- CONVERT_TZ(…, 'Europe/Berlin', '+00:00') in the place of each time. What the tables do
-- not tell: automatic replies, which leave no thread, and ratings, which a paid module
-- keeps.

DROP VIEW IF EXISTS service_events;

CREATE VIEW service_events AS
WITH
-- Threads that the customer saw and lines of what was done, in their order. State 2 is
-- published, 1 a draft and 3 hidden; an e-mail that could not be sent has 2 or 5.
thread AS (
  SELECT t.id, c.id AS conversation_id, c.number, c.type AS conversation_type, t.created_at, t.type, t.status, t.action_type, t.meta,
    t.user_id, t.customer_id, t.created_by_user_id,
    CASE WHEN t.type = 1 THEN 'customer' WHEN u.type = 2 THEN 'automation' END AS done_by
  FROM threads t
  JOIN conversations c ON c.id = t.conversation_id
  LEFT JOIN users u ON u.id = t.created_by_user_id
  WHERE t.state = 2 AND t.type IN (1, 2, 4) AND COALESCE(t.send_status, 0) NOT IN (2, 5)
),
-- Status 1 is active, 2 pending, 3 closed, 4 spam; 6 is that of before. That it is active
-- ends a hold as well as it reopens what was closed; which of both it did, the order of the
-- events tells. A reply has the status with which it left the conversation, so one row is a
-- reply and what became of it.
means AS (
  SELECT 1 AS status, 'reopened' AS type UNION ALL
  SELECT 1, 'resumed' UNION ALL
  SELECT 2, 'paused' UNION ALL
  SELECT 3, 'resolved' UNION ALL
  SELECT 4, 'discarded'
),
-- Threads go to the other conversation with their own times. What is left here is deleted
-- then, which is not what deleted says.
merger AS (
  SELECT t.id, t.conversation_id, t.number, t.created_at, c.number AS into_number
  FROM thread t JOIN conversations c ON CAST(c.id AS CHAR) = CAST(JSON_EXTRACT(t.meta, '$.mic') AS CHAR)
  WHERE t.type = 4 AND t.action_type = 4
)
SELECT 'opened' AS `type`, CAST(id AS CHAR) AS `id`, CAST(number AS CHAR) AS `conversation`, CONCAT(created_at, 'Z') AS `at`, 0 AS `seq`,
  CASE type WHEN 1 THEN 'email' WHEN 2 THEN 'phone' WHEN 3 THEN 'chat' ELSE 'other' END AS `channel`,
  NULL AS `customer`, NULL AS `agent`, NULL AS `by`, NULL AS `into`
FROM conversations WHERE state <> 1
UNION ALL
SELECT 'message_received', CAST(id AS CHAR), CAST(number AS CHAR), CONCAT(created_at, 'Z'), id,
  NULL, CAST(customer_id AS CHAR), NULL, NULL, NULL
FROM thread WHERE type = 1
UNION ALL
SELECT 'reply_sent', CAST(id AS CHAR), CAST(number AS CHAR), CONCAT(created_at, 'Z'), id,
  NULL, NULL, CAST(created_by_user_id AS CHAR), done_by, NULL
FROM thread WHERE type = 2
UNION ALL
SELECT means.type, CAST(t.id AS CHAR), CAST(t.number AS CHAR), CONCAT(t.created_at, 'Z'), t.id,
  NULL, NULL,
  CASE WHEN means.type IN ('resolved', 'reopened') THEN CAST(t.created_by_user_id AS CHAR) END,
  CASE WHEN means.type IN ('resolved', 'reopened') THEN t.done_by END, NULL
FROM thread t JOIN means ON means.status = t.status
WHERE t.type IN (1, 2) OR t.action_type = 1
UNION ALL
SELECT 'assigned', CAST(id AS CHAR), CAST(number AS CHAR), CONCAT(created_at, 'Z'), id,
  NULL, NULL, CAST(user_id AS CHAR), NULL, NULL
FROM thread WHERE type = 4 AND action_type = 2
UNION ALL
SELECT 'merged', CAST(id AS CHAR), CAST(number AS CHAR), CONCAT(created_at, 'Z'), id,
  NULL, NULL, NULL, NULL, CAST(into_number AS CHAR)
FROM merger
UNION ALL
-- Deleted, and restored.
SELECT CASE action_type WHEN 10 THEN 'discarded' ELSE 'reopened' END, CAST(id AS CHAR), CAST(number AS CHAR), CONCAT(created_at, 'Z'), id,
  NULL, NULL, NULL, NULL, NULL
FROM thread WHERE type = 4 AND action_type IN (10, 11) AND conversation_id NOT IN (SELECT conversation_id FROM merger);

-- When each conversation changed last, in microseconds since 1970.
DROP VIEW IF EXISTS service_changes;

CREATE VIEW service_changes AS
SELECT CAST(c.number AS CHAR) AS `conversation`,
  CAST(UNIX_TIMESTAMP(GREATEST(c.updated_at,
    COALESCE((SELECT MAX(t.updated_at) FROM threads t WHERE t.conversation_id = c.id), c.updated_at))) * 1000000 AS SIGNED) AS `changed`
FROM conversations c WHERE c.state <> 1;
