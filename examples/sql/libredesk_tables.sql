-- The tables and columns of LibreDesk that libredesk.sql and the policy need, in small, with
-- made-up conversations of Monday, 2 March 2026. testdata/libredesk.txt says what happened in
-- each, as of noon.

CREATE TABLE business_hours (id integer PRIMARY KEY, name text, is_always_open boolean, hours jsonb, holidays jsonb);
CREATE TABLE sla_policies (id integer PRIMARY KEY, name text, first_response_time text, resolution_time text, next_response_time text);
CREATE TABLE teams (id integer PRIMARY KEY, name text, business_hours_id integer, sla_policy_id integer, timezone text);
CREATE TABLE settings (key text, value jsonb);
CREATE TABLE inboxes (id integer PRIMARY KEY, channel text);
CREATE TABLE users (id bigint PRIMARY KEY, type text, email text, first_name text, last_name text);
CREATE TABLE conversation_statuses (id integer PRIMARY KEY, name text, category text);
CREATE TABLE conversation_priorities (id integer PRIMARY KEY, name text);
CREATE TABLE conversations (
  id bigint PRIMARY KEY, reference_number text, created_at timestamptz, updated_at timestamptz,
  contact_id bigint, inbox_id integer, snoozed_until timestamptz
);
CREATE TABLE conversation_messages (
  id bigint PRIMARY KEY, conversation_id bigint, created_at timestamptz, updated_at timestamptz,
  type text, status text, private boolean, sender_id bigint, content text, meta jsonb
);
CREATE TABLE csat_responses (
  id integer PRIMARY KEY, conversation_id bigint, updated_at timestamptz, rating integer, response_timestamp timestamptz
);

INSERT INTO business_hours (id, name, is_always_open, hours, holidays) VALUES
  (1, 'Office', FALSE, '{"Monday": {"open": "09:00", "close": "17:30"}, "Tuesday": {"open": "09:00", "close": "17:30"}, "Wednesday": {"open": "09:00", "close": "17:30"}, "Thursday": {"open": "09:00", "close": "17:30"}, "Friday": {"open": "09:00", "close": "17:30"}}', '[{"name": "Good Friday", "date": "2026-04-03"}]'),
  -- its holidays close nothing
  (2, 'Always', TRUE, '{}', '[{"name": "New Year", "date": "2027-01-01"}]'),
  (3, 'Late', FALSE, '{"Saturday": {"open": "22:00", "close": "00:00"}, "Sunday": {"open": "00:00", "close": "23:59"}}', '[]');

INSERT INTO sla_policies (id, name, first_response_time, resolution_time, next_response_time) VALUES
  (1, 'Default', '1h', '24h', '0s'),
  (2, 'Gold', '15m', '8h', '30m'),
  (3, 'Unused', '5m', '1h', '5m');

INSERT INTO teams (id, name, business_hours_id, sla_policy_id, timezone) VALUES
  (1, 'Support', 1, 1, 'Europe/Berlin'),
  (2, 'Billing', 2, 2, ''),
  (3, 'Weekend', 3, 1, 'America/New_York'),
  (4, 'Nobody', 1, NULL, 'UTC'),
  (5, 'Friends', NULL, 2, NULL);

INSERT INTO settings (key, value) VALUES
  ('app.timezone', '"Asia/Kolkata"'),
  ('app.business_hours_id', '"1"');

INSERT INTO inboxes (id, channel) VALUES
  (1, 'email'),
  (2, 'livechat');

INSERT INTO users (id, type, email, first_name, last_name) VALUES
  (1, 'agent', 'System', 'System', ''),
  (2, 'agent', 'ana@desk.example', 'Ana', 'Alves'),
  (3, 'agent', 'ben@desk.example', 'Ben', 'Berg'),
  (4, 'ai_assistant', NULL, 'Deskie', NULL),
  -- of the same name
  (5, 'agent', 'ben2@desk.example', 'Ben', 'Berg'),
  (10, 'contact', 'c@mail.example', 'Cem', ''),
  (11, 'visitor', NULL, 'Dora', '');

INSERT INTO conversation_statuses (id, name, category) VALUES
  (1, 'Open', 'open'),
  (2, 'Snoozed', 'waiting'),
  (3, 'Resolved', 'resolved'),
  (4, 'Closed', 'resolved'),
  (5, 'With the bank', 'waiting');

INSERT INTO conversation_priorities (id, name) VALUES
  (1, 'Low'),
  (2, 'Urgent');

INSERT INTO conversations (id, reference_number, created_at, updated_at, contact_id, inbox_id, snoozed_until) VALUES
  (10, '100', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL),
  (11, '101', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 11, 2, NULL),
  (12, '102', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL),
  (13, '103', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL),
  (14, '104', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, '2026-03-03 09:00:00+00'),
  (15, '105', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL),
  (16, '106', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL),
  (17, '107', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL),
  (18, '108', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL),
  (19, '109', '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 10, 1, NULL);

INSERT INTO conversation_messages (id, conversation_id, created_at, updated_at, type, status, private, sender_id, content, meta) VALUES
  (1001, 10, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  -- a private note
  (1002, 10, '2026-03-02 09:05:00+00', '2026-03-02 09:05:00+00', 'outgoing', 'sent', TRUE, 2, '…', '{}'),
  -- an acknowledgement by the system
  (1003, 10, '2026-03-02 09:10:00+00', '2026-03-02 09:10:00+00', 'outgoing', 'sent', FALSE, 1, '…', '{}'),
  (1004, 10, '2026-03-02 09:20:00+00', '2026-03-02 09:20:00+00', 'outgoing', 'sent', FALSE, 2, '…', '{}'),
  (1005, 10, '2026-03-02 10:00:00+00', '2026-03-02 10:00:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves marked the conversation as Resolved', '{"activity_type": "status_change"}'),
  -- the survey, in the name of the agent
  (1006, 10, '2026-03-02 10:00:30+00', '2026-03-02 10:00:30+00', 'outgoing', 'sent', FALSE, 2, '…', '{"is_csat": true}'),
  (1007, 11, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 11, '…', '{}'),
  -- an assistant
  (1008, 11, '2026-03-02 09:00:07+00', '2026-03-02 09:00:07+00', 'outgoing', 'sent', FALSE, 4, '…', '{}'),
  (1009, 11, '2026-03-02 09:01:00+00', '2026-03-02 09:01:00+00', 'incoming', 'received', FALSE, 11, '…', '{}'),
  (1010, 11, '2026-03-02 09:01:05+00', '2026-03-02 09:01:05+00', 'outgoing', 'sent', FALSE, 4, '…', '{}'),
  (1011, 11, '2026-03-02 09:02:00+00', '2026-03-02 09:02:00+00', 'incoming', 'received', FALSE, 11, '…', '{}'),
  (1012, 11, '2026-03-02 09:02:10+00', '2026-03-02 09:02:10+00', 'activity', 'sent', TRUE, 1, 'Assigned to Support team by System', '{"activity_type": "assigned_team_change"}'),
  (1013, 11, '2026-03-02 09:03:00+00', '2026-03-02 09:03:00+00', 'activity', 'sent', TRUE, 3, 'Ben Berg self-assigned this conversation', '{"activity_type": "self_assign"}'),
  (1014, 11, '2026-03-02 09:04:00+00', '2026-03-02 09:04:00+00', 'outgoing', 'sent', FALSE, 3, '…', '{}'),
  (1015, 11, '2026-03-02 09:30:00+00', '2026-03-02 09:30:00+00', 'activity', 'sent', TRUE, 3, 'Ben Berg marked the conversation as Resolved', '{"activity_type": "status_change"}'),
  (1016, 12, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  -- could not be sent
  (1017, 12, '2026-03-02 09:10:00+00', '2026-03-02 09:10:00+00', 'outgoing', 'failed', FALSE, 2, '…', '{}'),
  (1018, 12, '2026-03-02 09:40:00+00', '2026-03-02 09:40:00+00', 'outgoing', 'sent', FALSE, 2, '…', '{}'),
  -- is still to be sent
  (1019, 12, '2026-03-02 09:50:00+00', '2026-03-02 09:50:00+00', 'outgoing', 'pending', FALSE, 2, '…', '{}'),
  (1020, 13, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1021, 13, '2026-03-02 09:10:00+00', '2026-03-02 09:10:00+00', 'outgoing', 'sent', FALSE, 2, '…', '{}'),
  -- a snooze whose end has no row
  (1022, 13, '2026-03-02 09:11:00+00', '2026-03-02 09:11:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves marked the conversation as Snoozed', '{"activity_type": "status_change"}'),
  (1023, 13, '2026-03-02 10:00:00+00', '2026-03-02 10:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1024, 13, '2026-03-02 10:30:00+00', '2026-03-02 10:30:00+00', 'outgoing', 'sent', FALSE, 2, '…', '{}'),
  (1025, 13, '2026-03-02 11:00:00+00', '2026-03-02 11:00:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves marked the conversation as Resolved', '{"activity_type": "status_change"}'),
  (1026, 14, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1027, 14, '2026-03-02 09:05:00+00', '2026-03-02 09:05:00+00', 'activity', 'sent', TRUE, 3, 'Ben Berg marked the conversation as Snoozed', '{"activity_type": "status_change"}'),
  -- by a rule
  (1028, 14, '2026-03-02 09:10:00+00', '2026-03-02 09:10:00+00', 'activity', 'sent', TRUE, 1, 'System marked the conversation as Open', '{"activity_type": "status_change"}'),
  (1029, 14, '2026-03-02 09:30:00+00', '2026-03-02 09:30:00+00', 'outgoing', 'sent', FALSE, 3, '…', '{}'),
  -- a snooze that goes on
  (1030, 14, '2026-03-02 09:40:00+00', '2026-03-02 09:40:00+00', 'activity', 'sent', TRUE, 3, 'Ben Berg marked the conversation as Snoozed', '{"activity_type": "status_change"}'),
  (1031, 15, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1032, 15, '2026-03-02 09:15:00+00', '2026-03-02 09:15:00+00', 'outgoing', 'sent', FALSE, 2, '…', '{}'),
  -- by a rule
  (1033, 15, '2026-03-02 09:20:00+00', '2026-03-02 09:20:00+00', 'activity', 'sent', TRUE, 1, 'System marked the conversation as Resolved', '{"activity_type": "status_change"}'),
  (1034, 15, '2026-03-02 10:20:00+00', '2026-03-02 10:20:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves marked the conversation as Open', '{"activity_type": "status_change"}'),
  (1035, 15, '2026-03-02 10:50:00+00', '2026-03-02 10:50:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves marked the conversation as Resolved', '{"activity_type": "status_change"}'),
  -- the desk wrote first
  (1036, 16, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'outgoing', 'sent', FALSE, 3, '…', '{}'),
  (1037, 16, '2026-03-02 09:30:00+00', '2026-03-02 09:30:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1038, 16, '2026-03-02 09:45:00+00', '2026-03-02 09:45:00+00', 'outgoing', 'sent', FALSE, 3, '…', '{}'),
  -- a macro that sends as an agent
  (1039, 16, '2026-03-02 09:46:00+00', '2026-03-02 09:46:00+00', 'outgoing', 'sent', FALSE, 2, '…', '{"is_automated": true}'),
  (1040, 17, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1041, 17, '2026-03-02 10:00:00+00', '2026-03-02 10:00:00+00', 'activity', 'sent', TRUE, 3, 'Ben Berg marked the conversation as Resolved', '{"activity_type": "status_change"}'),
  -- the survey is no answer
  (1042, 17, '2026-03-02 10:00:01+00', '2026-03-02 10:00:01+00', 'outgoing', 'sent', FALSE, 3, '…', '{"is_csat": true}'),
  (1043, 18, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1044, 18, '2026-03-02 09:01:00+00', '2026-03-02 09:01:00+00', 'activity', 'sent', TRUE, 1, 'System set priority to Urgent', '{"activity_type": "priority_change"}'),
  (1045, 18, '2026-03-02 09:05:00+00', '2026-03-02 09:05:00+00', 'activity', 'sent', TRUE, 2, 'Assigned to Ben Berg by Ana Alves', '{"activity_type": "assigned_user_change"}'),
  (1046, 18, '2026-03-02 09:30:00+00', '2026-03-02 09:30:00+00', 'activity', 'sent', TRUE, 3, 'Assigned to Billing team by Ben Berg', '{"activity_type": "assigned_team_change"}'),
  (1047, 18, '2026-03-02 09:40:00+00', '2026-03-02 09:40:00+00', 'activity', 'sent', TRUE, 1, 'Assigned to Ana Alves by System', '{"activity_type": "assigned_user_change"}'),
  (1048, 18, '2026-03-02 09:41:00+00', '2026-03-02 09:41:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves added tag vip', '{"activity_type": "tag_added"}'),
  (1049, 18, '2026-03-02 10:00:00+00', '2026-03-02 10:00:00+00', 'outgoing', 'sent', FALSE, 2, '…', '{}'),
  -- an e-mail that repeats a chat
  (1050, 18, '2026-03-02 10:05:00+00', '2026-03-02 10:05:00+00', 'outgoing', 'sent', FALSE, 1, '…', '{"continuity_email": true}'),
  -- a status of the desk's own
  (1051, 18, '2026-03-02 10:10:00+00', '2026-03-02 10:10:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves marked the conversation as With the bank', '{"activity_type": "status_change"}'),
  (1052, 18, '2026-03-02 10:20:00+00', '2026-03-02 10:20:00+00', 'activity', 'sent', TRUE, 2, 'Ana Alves unassigned this conversation', '{"activity_type": "self_unassign"}'),
  (1053, 19, '2026-03-02 09:00:00+00', '2026-03-02 09:00:00+00', 'incoming', 'received', FALSE, 10, '…', '{}'),
  (1054, 19, '2026-03-02 09:10:00+00', '2026-03-02 09:10:00+00', 'outgoing', 'sent', FALSE, 3, '…', '{}'),
  (1055, 19, '2026-03-02 09:30:00+00', '2026-03-02 09:30:00+00', 'activity', 'sent', TRUE, 3, 'Ben Berg marked the conversation as Resolved', '{"activity_type": "status_change"}'),
  -- closed is no second resolution
  (1056, 19, '2026-03-02 11:00:00+00', '2026-03-02 11:00:00+00', 'activity', 'sent', TRUE, 1, 'System marked the conversation as Closed', '{"activity_type": "status_change"}');

INSERT INTO csat_responses (id, conversation_id, updated_at, rating, response_timestamp) VALUES
  (1, 10, '2026-03-02 11:00:00+00', 5, '2026-03-02 11:00:00+00'),
  -- a word, and no rating
  (3, 17, '2026-03-02 10:30:00+00', 0, '2026-03-02 10:30:00+00'),
  -- asked, not answered
  (2, 18, '2026-03-02 09:00:00+00', 0, NULL);

