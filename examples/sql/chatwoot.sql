-- The events of Chatwoot, from its tables as of 2026, in PostgreSQL:
--
--   psql -f chatwoot.sql
--
-- It is for one account: put its number in the place of 1 below. Agents and customers are
-- keys of users and contacts, so that no name leaves the database; a conversation has the
-- number that the desk shows. What the tables do not tell:
--
--   - Snoozes, assignments, teams and priorities of the past are sentences in the language
--     of the account. So holds are not taken out of the resolution times, and nothing is
--     assigned but by a bot. The team and priority are those of today.
--   - When a message failed or was deleted: it never was.

DROP VIEW IF EXISTS service_events;

CREATE VIEW service_events AS
WITH
desk AS (
  SELECT c.id, c.display_id, c.created_at, c.contact_id, t.name AS team, c.priority,
    CASE i.channel_type
      WHEN 'Channel::Email' THEN 'email'
      WHEN 'Channel::WebWidget' THEN 'chat'
      WHEN 'Channel::Voice' THEN 'phone'
      WHEN 'Channel::Sms' THEN 'sms'
      WHEN 'Channel::TwilioSms' THEN 'sms'
      WHEN 'Channel::Whatsapp' THEN 'messaging'
      WHEN 'Channel::Telegram' THEN 'messaging'
      WHEN 'Channel::Line' THEN 'messaging'
      WHEN 'Channel::FacebookPage' THEN 'messaging'
      WHEN 'Channel::Instagram' THEN 'messaging'
      WHEN 'Channel::TwitterProfile' THEN 'social'
      ELSE 'other'
    END AS channel
  FROM conversations c JOIN inboxes i ON i.id = c.inbox_id LEFT JOIN teams t ON t.id = c.team_id
  WHERE c.account_id = 1
),
-- Messages: type 0 came in, 1 went out, 3 is a template, and 2 an activity, which no customer
-- saw. Status 3 failed. Content 9 asks for a rating. What has no sender was sent by a rule.
message AS (
  SELECT m.id, m.conversation_id, m.created_at, m.message_type, m.content_type, m.sender_type, m.sender_id,
    CASE
      WHEN m.sender_type IN ('AgentBot', 'Captain::Assistant') THEN 'assistant'
      WHEN m.sender_id IS NULL OR m.content_attributes ->> 'automation_rule_id' IS NOT NULL
        OR m.additional_attributes ->> 'campaign_id' IS NOT NULL THEN 'automation'
    END AS sent_by
  FROM messages m
  WHERE NOT m.private AND m.status <> 3
    AND COALESCE(CAST(m.content_attributes ->> 'deleted' AS text), 'false') NOT IN ('true', '1')
),
-- The log of Chatwoot's own reports has what an agent opened and resolved. It has a row for
-- the first opening too, and, of what a bot resolved, a second one beside it.
report AS (
  SELECT r.id, r.conversation_id, r.event_end_time, r.name, r.user_id,
    CASE WHEN r.name = 'conversation_resolved' AND b.conversation_id IS NOT NULL THEN 'assistant' END AS done_by
  FROM reporting_events r
  LEFT JOIN (
    SELECT DISTINCT conversation_id, event_end_time FROM reporting_events WHERE name = 'conversation_bot_resolved'
  ) b ON b.conversation_id = r.conversation_id AND b.event_end_time = r.event_end_time
)
SELECT 'opened' AS type, CAST(id AS text) AS id, CAST(display_id AS text) AS conversation, created_at AT TIME ZONE 'UTC' AS at,
  channel, CAST(NULL AS text) AS customer, CAST(NULL AS text) AS agent, CAST(NULL AS text) AS team, CAST(NULL AS text) AS "by",
  CAST(NULL AS integer) AS stars,
  CASE priority WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high' WHEN 3 THEN 'urgent' END AS priority
FROM desk
UNION ALL
SELECT 'message_received', CAST(m.id AS text), CAST(d.display_id AS text), m.created_at AT TIME ZONE 'UTC',
  d.channel, CAST(COALESCE(m.sender_id, d.contact_id) AS text), NULL, NULL, NULL, NULL, NULL
FROM message m JOIN desk d ON d.id = m.conversation_id
WHERE m.message_type = 0
UNION ALL
SELECT 'reply_sent', CAST(m.id AS text), CAST(d.display_id AS text), m.created_at AT TIME ZONE 'UTC',
  d.channel, NULL, CASE WHEN m.sender_type = 'User' THEN CAST(m.sender_id AS text) ELSE m.sender_type END, NULL, m.sent_by, NULL, NULL
FROM message m JOIN desk d ON d.id = m.conversation_id
WHERE m.message_type IN (1, 3) AND m.content_type <> 9
UNION ALL
SELECT 'rating_requested', CAST(m.id AS text), CAST(d.display_id AS text), m.created_at AT TIME ZONE 'UTC',
  d.channel, NULL, NULL, NULL, NULL, NULL, NULL
FROM message m JOIN desk d ON d.id = m.conversation_id
WHERE m.message_type IN (1, 3) AND m.content_type = 9
UNION ALL
SELECT 'rating_given', CAST(r.id AS text), CAST(d.display_id AS text), r.created_at AT TIME ZONE 'UTC',
  d.channel, NULL, CAST(r.assigned_agent_id AS text), NULL, NULL, r.rating, NULL
FROM csat_survey_responses r JOIN desk d ON d.id = r.conversation_id
UNION ALL
SELECT CASE r.name WHEN 'conversation_resolved' THEN 'resolved' ELSE 'reopened' END,
  CAST(r.id AS text), CAST(d.display_id AS text), r.event_end_time AT TIME ZONE 'UTC',
  NULL, NULL, CAST(r.user_id AS text), NULL, r.done_by, NULL, NULL
FROM report r JOIN desk d ON d.id = r.conversation_id
WHERE r.name IN ('conversation_resolved', 'conversation_opened')
UNION ALL
-- A bot hands over to people: to the team, or to whoever takes it.
SELECT 'assigned', CAST(r.id AS text), CAST(d.display_id AS text), r.event_end_time AT TIME ZONE 'UTC',
  NULL, NULL, NULL, COALESCE(d.team, 'people'), NULL, NULL, NULL
FROM report r JOIN desk d ON d.id = r.conversation_id
WHERE r.name = 'conversation_bot_handoff';

-- When each conversation changed last, in microseconds since 1970.
DROP VIEW IF EXISTS service_changes;

CREATE VIEW service_changes AS
SELECT CAST(c.display_id AS text) AS conversation,
  CAST(EXTRACT(EPOCH FROM GREATEST(c.updated_at,
    (SELECT MAX(m.updated_at) FROM messages m WHERE m.conversation_id = c.id),
    (SELECT MAX(r.updated_at) FROM reporting_events r WHERE r.conversation_id = c.id),
    (SELECT MAX(s.updated_at) FROM csat_survey_responses s WHERE s.conversation_id = c.id))) * 1000000 AS bigint) AS changed
FROM conversations c
WHERE c.account_id = 1;
