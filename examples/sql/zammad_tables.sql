-- The tables and columns of Zammad that zammad.sql needs, in small, with made-up tickets of
-- Monday, 2 March 2026. testdata/zammad.txt says what happened in each, as of noon.

CREATE TABLE ticket_state_types (id integer PRIMARY KEY, name text);
CREATE TABLE ticket_states (id integer PRIMARY KEY, name text, state_type_id integer);
CREATE TABLE ticket_priorities (id integer PRIMARY KEY, name text);
CREATE TABLE ticket_article_types (id integer PRIMARY KEY, name text, communication boolean);
CREATE TABLE ticket_article_senders (id integer PRIMARY KEY, name text);
CREATE TABLE tickets (
  id integer PRIMARY KEY, number text, group_id integer, owner_id integer, customer_id integer, state_id integer, priority_id integer,
  create_article_type_id integer, created_by_id integer, created_at timestamp, updated_at timestamp
);
CREATE TABLE ticket_articles (
  id integer PRIMARY KEY, ticket_id integer, type_id integer, sender_id integer, internal boolean, preferences text,
  created_by_id integer, created_at timestamp, updated_at timestamp
);
CREATE TABLE history_types (id integer PRIMARY KEY, name text);
CREATE TABLE history_objects (id integer PRIMARY KEY, name text);
CREATE TABLE history_attributes (id integer PRIMARY KEY, name text);
CREATE TABLE histories (
  id integer PRIMARY KEY, history_type_id integer, history_object_id integer, history_attribute_id integer, o_id integer,
  id_from integer, id_to integer, created_by_id integer, created_at timestamp
);

INSERT INTO ticket_state_types (id, name) VALUES
  (1, 'new'),
  (2, 'open'),
  (3, 'pending reminder'),
  (4, 'pending action'),
  (5, 'closed'),
  (6, 'merged'),
  (7, 'removed');

INSERT INTO ticket_states (id, name, state_type_id) VALUES
  (1, 'new', 1),
  (2, 'open', 2),
  (3, 'pending reminder', 3),
  (4, 'closed', 5),
  (5, 'merged', 6),
  (6, 'removed', 7),
  (7, 'pending close', 4),
  (8, 'waiting for a part', 3);

INSERT INTO ticket_priorities (id, name) VALUES
  (1, '1 low'),
  (2, '2 normal'),
  (3, '3 high');

INSERT INTO ticket_article_types (id, name, communication) VALUES
  (1, 'email', TRUE),
  (5, 'phone', TRUE),
  (10, 'note', FALSE),
  (11, 'web', TRUE);

INSERT INTO ticket_article_senders (id, name) VALUES
  (1, 'Agent'),
  (2, 'Customer'),
  (3, 'System');

INSERT INTO history_types (id, name) VALUES
  (1, 'created'),
  (2, 'updated'),
  (3, 'merged_into'),
  (4, 'received_merge');

INSERT INTO history_objects (id, name) VALUES
  (1, 'Ticket'),
  (2, 'User');

INSERT INTO history_attributes (id, name) VALUES
  (1, 'state'),
  (2, 'owner'),
  (3, 'group'),
  (4, 'priority'),
  (5, 'title');

INSERT INTO tickets (id, number, group_id, owner_id, customer_id, state_id, priority_id, create_article_type_id, created_by_id, created_at, updated_at) VALUES
  (1, '10001', 1, 1, 50, 4, 2, 1, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (2, '10002', 1, 3, 50, 4, 2, 5, 3, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (3, '10003', 2, 3, 50, 4, 2, 1, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (4, '10004', 1, 1, 50, 5, 2, 1, 50, '2026-03-02 10:00:00', '2026-03-02 10:00:00'),
  (5, '10005', 1, 1, 50, 2, 2, 1, 50, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  (6, '10006', 1, 1, 50, 4, 2, 1, 50, '2026-03-02 08:00:00', '2026-03-02 08:00:00'),
  (7, '10007', 1, 1, 50, 2, 3, 1, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (8, '10008', 1, 1, 50, 2, 2, 1, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (9, '10009', 1, 1, 50, 1, 2, 11, 50, '2026-03-02 11:50:00', '2026-03-02 11:50:00'),
  (10, '10010', 1, 1, 50, 6, 2, 1, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (11, '10011', 1, 1, 50, 4, 2, 1, 50, '2026-03-02 08:00:00', '2026-03-02 08:00:00');

INSERT INTO ticket_articles (id, ticket_id, type_id, sender_id, internal, preferences, created_by_id, created_at, updated_at) VALUES
  (100, 1, 1, 2, FALSE, NULL, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- an automatic reply
  (101, 1, 1, 3, FALSE, NULL, 1, '2026-03-02 09:00:01', '2026-03-02 09:00:01'),
  -- an internal note
  (102, 1, 10, 1, TRUE, NULL, 3, '2026-03-02 09:05:00', '2026-03-02 09:05:00'),
  -- a note that the customer can see, but was not sent
  (103, 1, 10, 1, FALSE, NULL, 3, '2026-03-02 09:06:00', '2026-03-02 09:06:00'),
  -- forwarded, internal
  (104, 1, 1, 1, TRUE, NULL, 3, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  (105, 1, 1, 1, FALSE, NULL, 3, '2026-03-02 09:25:00', '2026-03-02 09:25:00'),
  -- a call that came in, in a ticket that was closed at once
  (106, 2, 5, 2, FALSE, NULL, 3, '2026-03-02 09:00:00.040', '2026-03-02 09:00:00.040'),
  (107, 3, 1, 2, FALSE, NULL, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (108, 3, 1, 1, FALSE, NULL, 3, '2026-03-02 09:20:00', '2026-03-02 09:20:00'),
  (109, 3, 1, 2, FALSE, NULL, 50, '2026-03-02 11:00:00', '2026-03-02 11:00:00'),
  (110, 3, 1, 1, FALSE, NULL, 3, '2026-03-02 11:30:00', '2026-03-02 11:30:00'),
  -- says that it was merged; the message is in 10005
  (111, 4, 10, 1, TRUE, NULL, 3, '2026-03-02 10:10:00', '2026-03-02 10:10:00'),
  (112, 5, 1, 2, FALSE, NULL, 50, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  -- of 10004
  (113, 5, 1, 2, FALSE, NULL, 50, '2026-03-02 10:00:00', '2026-03-02 10:00:00'),
  (114, 5, 1, 1, FALSE, NULL, 4, '2026-03-02 10:30:00', '2026-03-02 10:30:00'),
  (115, 6, 1, 2, FALSE, NULL, 50, '2026-03-02 08:00:00', '2026-03-02 08:00:00'),
  (116, 6, 1, 1, FALSE, NULL, 4, '2026-03-02 08:30:00', '2026-03-02 08:30:00'),
  (117, 7, 1, 2, FALSE, NULL, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- could not be sent
  (118, 7, 1, 1, FALSE, '---
delivery_status: fail
', 4, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  (119, 7, 1, 1, FALSE, NULL, 4, '2026-03-02 09:40:00', '2026-03-02 09:40:00'),
  (120, 8, 1, 2, FALSE, NULL, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (121, 8, 1, 1, FALSE, NULL, 3, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  (122, 8, 1, 2, FALSE, NULL, 50, '2026-03-02 11:00:00', '2026-03-02 11:00:00'),
  -- written on the portal
  (123, 9, 10, 2, FALSE, NULL, 50, '2026-03-02 11:50:00', '2026-03-02 11:50:00'),
  (124, 10, 1, 2, FALSE, NULL, 50, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (125, 11, 1, 2, FALSE, NULL, 50, '2026-03-02 08:00:00', '2026-03-02 08:00:00'),
  (126, 11, 1, 1, FALSE, NULL, 3, '2026-03-02 08:10:00', '2026-03-02 08:10:00');

INSERT INTO histories (id, history_type_id, history_object_id, history_attribute_id, o_id, id_from, id_to, created_by_id, created_at) VALUES
  (1, 1, 1, NULL, 1, NULL, NULL, 50, '2026-03-02 09:00:00'),
  (2, 2, 1, 1, 1, 1, 4, 3, '2026-03-02 09:25:00'),
  -- the owner and the group in one save
  (3, 2, 1, 2, 3, 1, 3, 4, '2026-03-02 09:10:00'),
  (4, 2, 1, 3, 3, 1, 2, 4, '2026-03-02 09:10:00'),
  (5, 2, 1, 1, 3, 1, 3, 3, '2026-03-02 09:20:00'),
  -- the follow-up opens it
  (6, 2, 1, 1, 3, 3, 2, 1, '2026-03-02 11:00:00'),
  (7, 2, 1, 1, 3, 2, 4, 3, '2026-03-02 11:30:00'),
  (8, 3, 1, NULL, 4, 4, 5, 3, '2026-03-02 10:10:00'),
  (9, 2, 1, 1, 4, 1, 5, 3, '2026-03-02 10:10:00'),
  (10, 4, 1, NULL, 5, 4, 5, 3, '2026-03-02 10:10:00'),
  (11, 2, 1, 1, 5, 1, 2, 4, '2026-03-02 10:30:00'),
  (12, 2, 1, 1, 6, 1, 7, 4, '2026-03-02 08:30:00'),
  -- by the scheduler
  (13, 2, 1, 1, 6, 7, 4, 1, '2026-03-02 11:30:00'),
  (14, 2, 1, 4, 7, 2, 3, 4, '2026-03-02 09:05:00'),
  (15, 2, 1, 1, 7, 1, 2, 4, '2026-03-02 09:40:00'),
  (16, 2, 1, 5, 7, NULL, NULL, 4, '2026-03-02 09:41:00'),
  (17, 2, 1, 1, 8, 1, 4, 3, '2026-03-02 09:10:00'),
  (18, 2, 1, 1, 8, 4, 2, 50, '2026-03-02 11:00:00.010'),
  -- the row of a user, not of a ticket
  (19, 2, 2, 2, 9, 1, 3, 50, '2026-03-02 11:51:00'),
  (20, 2, 1, 1, 10, 1, 6, 4, '2026-03-02 09:30:00'),
  -- a state of the desk's own
  (21, 2, 1, 1, 11, 1, 8, 3, '2026-03-02 08:10:00'),
  (22, 2, 1, 1, 11, 8, 2, 3, '2026-03-02 10:10:00'),
  (23, 2, 1, 1, 11, 2, 4, 3, '2026-03-02 10:30:00');

