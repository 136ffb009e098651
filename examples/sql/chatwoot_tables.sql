-- The tables and columns of Chatwoot that chatwoot.sql needs, in small, with made-up
-- conversations of Monday, 2 March 2026. testdata/chatwoot.txt says what happened in each,
-- as of noon.

CREATE TABLE inboxes (id integer PRIMARY KEY, channel_type text);
CREATE TABLE teams (id bigint PRIMARY KEY, name text);
CREATE TABLE conversations (
  id integer PRIMARY KEY, account_id integer, display_id integer, inbox_id integer, contact_id bigint, team_id bigint, priority integer,
  created_at timestamp, updated_at timestamp
);
CREATE TABLE messages (
  id integer PRIMARY KEY, conversation_id integer, message_type integer, private boolean, status integer, content_type integer,
  content_attributes json, additional_attributes jsonb, sender_type text, sender_id bigint, created_at timestamp, updated_at timestamp
);
CREATE TABLE reporting_events (
  id bigint PRIMARY KEY, name text, conversation_id integer, user_id integer, event_end_time timestamp, updated_at timestamp
);
CREATE TABLE csat_survey_responses (
  id bigint PRIMARY KEY, conversation_id bigint, rating integer, assigned_agent_id bigint, created_at timestamp, updated_at timestamp
);

INSERT INTO inboxes (id, channel_type) VALUES
  (1, 'Channel::WebWidget'),
  (2, 'Channel::Email'),
  (3, 'Channel::Whatsapp'),
  (4, 'Channel::Tiktok');

INSERT INTO teams (id, name) VALUES
  (1, 'front');

INSERT INTO conversations (id, account_id, display_id, inbox_id, contact_id, team_id, priority, created_at, updated_at) VALUES
  (1001, 1, 1, 1, 70, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (1002, 1, 2, 2, 70, NULL, 3, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (1003, 1, 3, 1, 70, 1, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (1004, 1, 4, 3, 70, NULL, NULL, '2026-03-02 08:00:00', '2026-03-02 08:00:00'),
  -- of another account
  (1005, 2, 5, 1, 70, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (1006, 1, 6, 3, 70, NULL, NULL, '2026-03-02 11:00:00', '2026-03-02 11:00:00'),
  (1007, 1, 7, 1, 70, 1, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (1008, 1, 8, 4, 70, NULL, NULL, '2026-03-02 10:00:00', '2026-03-02 10:00:00');

INSERT INTO messages (id, conversation_id, message_type, private, status, content_type, content_attributes, additional_attributes, sender_type, sender_id, created_at, updated_at) VALUES
  (501, 1001, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- a bot
  (502, 1001, 1, FALSE, 1, 0, '{}', '{}', 'AgentBot', 1, '2026-03-02 09:00:05', '2026-03-02 09:00:05'),
  (503, 1001, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 09:01:30', '2026-03-02 09:01:30'),
  (504, 1001, 1, FALSE, 1, 0, '{}', '{}', 'User', 2, '2026-03-02 09:06:00', '2026-03-02 09:06:00'),
  -- an activity
  (505, 1001, 2, FALSE, 1, 0, '{}', '{}', NULL, NULL, '2026-03-02 09:06:01', '2026-03-02 09:06:01'),
  -- the survey
  (506, 1001, 3, FALSE, 1, 9, '{}', '{}', NULL, NULL, '2026-03-02 09:30:10', '2026-03-02 09:30:10'),
  (507, 1002, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- a greeting
  (508, 1002, 3, FALSE, 1, 0, '{}', '{}', NULL, NULL, '2026-03-02 09:00:02', '2026-03-02 09:00:02'),
  -- a rule, without a sender
  (509, 1002, 1, FALSE, 1, 0, '{"automation_rule_id": 5}', '{}', NULL, NULL, '2026-03-02 09:01:00', '2026-03-02 09:01:00'),
  -- a private note
  (510, 1002, 1, TRUE, 1, 0, '{}', '{}', 'User', 2, '2026-03-02 09:02:00', '2026-03-02 09:02:00'),
  -- could not be sent
  (511, 1002, 1, FALSE, 3, 0, '{}', '{}', 'User', 2, '2026-03-02 09:03:00', '2026-03-02 09:03:00'),
  -- deleted
  (512, 1002, 1, FALSE, 1, 0, '{"deleted": true}', '{}', 'User', 2, '2026-03-02 09:04:00', '2026-03-02 09:04:00'),
  (513, 1002, 1, FALSE, 1, 0, '{}', '{}', 'User', 2, '2026-03-02 09:50:00', '2026-03-02 09:50:00'),
  (514, 1003, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- an assistant
  (515, 1003, 1, FALSE, 1, 0, '{}', '{}', 'Captain::Assistant', 1, '2026-03-02 09:00:03', '2026-03-02 09:00:03'),
  -- a campaign
  (516, 1004, 1, FALSE, 1, 0, '{}', '{"campaign_id": 3}', 'User', 2, '2026-03-02 08:00:00', '2026-03-02 08:00:00'),
  (517, 1004, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (518, 1004, 1, FALSE, 1, 0, '{}', '{}', 'User', 3, '2026-03-02 09:12:00', '2026-03-02 09:12:00'),
  (519, 1005, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (520, 1006, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 11:00:00', '2026-03-02 11:00:00'),
  (521, 1007, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- a rule that sends as an agent
  (522, 1007, 1, FALSE, 1, 0, '{"automation_rule_id": 6}', '{}', 'User', 2, '2026-03-02 09:00:10', '2026-03-02 09:00:10'),
  (523, 1007, 1, FALSE, 1, 0, '{}', '{}', 'AgentBot', 1, '2026-03-02 09:05:00', '2026-03-02 09:05:00'),
  (524, 1008, 0, FALSE, 1, 0, '{}', '{}', 'Contact', 70, '2026-03-02 10:00:00', '2026-03-02 10:00:00');

INSERT INTO reporting_events (id, name, conversation_id, user_id, event_end_time, updated_at) VALUES
  (1, 'conversation_bot_handoff', 1001, NULL, '2026-03-02 09:01:00', '2026-03-02 09:01:00'),
  (2, 'conversation_resolved', 1001, 2, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  -- the first opening is no reopening
  (3, 'conversation_opened', 1002, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (4, 'conversation_bot_resolved', 1003, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  -- the same resolution
  (5, 'conversation_resolved', 1003, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  (6, 'conversation_resolved', 1004, 3, '2026-03-02 09:20:00', '2026-03-02 09:20:00'),
  (7, 'conversation_opened', 1004, 3, '2026-03-02 10:00:00', '2026-03-02 10:00:00'),
  (8, 'conversation_resolved', 1004, 3, '2026-03-02 10:30:00', '2026-03-02 10:30:00'),
  (9, 'conversation_resolved', 1005, 2, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  (10, 'conversation_bot_handoff', 1007, NULL, '2026-03-02 09:06:00', '2026-03-02 09:06:00'),
  -- without an answer
  (11, 'conversation_resolved', 1008, 3, '2026-03-02 11:00:00', '2026-03-02 11:00:00');

INSERT INTO csat_survey_responses (id, conversation_id, rating, assigned_agent_id, created_at, updated_at) VALUES
  -- edited
  (1, 1001, 4, 2, '2026-03-02 09:40:00', '2026-03-02 09:45:00');

