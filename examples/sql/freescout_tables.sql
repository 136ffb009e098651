-- The tables and columns of FreeScout that freescout.sql and freescout_postgresql.sql need, in
-- small, with made-up conversations of Monday, 2 March 2026. testdata/freescout.txt says what
-- happened in each, as of noon.

CREATE TABLE users (id integer PRIMARY KEY, type integer);
CREATE TABLE conversations (
  id integer PRIMARY KEY, number integer, type integer, status integer, state integer, created_at timestamp NULL, updated_at timestamp NULL
);
CREATE TABLE threads (
  id integer PRIMARY KEY, conversation_id integer, user_id integer, type integer, status integer, state integer, action_type integer,
  customer_id integer, created_by_user_id integer, send_status integer, meta text, created_at timestamp NULL, updated_at timestamp NULL
);

INSERT INTO users (id, type) VALUES
  (1, 1),
  (2, 1),
  -- runs the workflows
  (9, 2);

INSERT INTO conversations (id, number, type, status, state, created_at, updated_at) VALUES
  (101, 1, 1, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (102, 2, 1, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (103, 3, 1, 4, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (104, 4, 1, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (105, 5, 1, 1, 3, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (106, 6, 2, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (107, 7, 1, 1, 3, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  (108, 8, 1, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (109, 9, 1, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- a draft
  (110, 10, 1, 1, 1, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (111, 11, 3, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (112, 12, 1, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (113, 13, 1, 1, 2, '2026-03-02 09:00:00', '2026-03-02 09:00:00');

INSERT INTO threads (id, conversation_id, user_id, type, status, state, action_type, customer_id, created_by_user_id, send_status, meta, created_at, updated_at) VALUES
  (1, 101, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- a note
  (2, 101, NULL, 3, 6, 2, NULL, 60, 1, NULL, NULL, '2026-03-02 09:05:00', '2026-03-02 09:05:00'),
  -- a draft
  (3, 101, NULL, 2, 1, 1, NULL, 60, 1, NULL, NULL, '2026-03-02 09:06:00', '2026-03-02 09:06:00'),
  -- an answer that closes it
  (4, 101, NULL, 2, 3, 2, NULL, 60, 1, NULL, NULL, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  (5, 102, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- a workflow
  (6, 102, NULL, 2, 1, 2, NULL, 60, 9, NULL, NULL, '2026-03-02 09:00:30', '2026-03-02 09:00:30'),
  -- assigned
  (7, 102, 2, 4, 6, 2, 2, 60, 1, NULL, NULL, '2026-03-02 09:05:00', '2026-03-02 09:05:00'),
  -- an answer that leaves it pending
  (8, 102, NULL, 2, 2, 2, NULL, 60, 2, NULL, NULL, '2026-03-02 09:20:00', '2026-03-02 09:20:00'),
  -- opens it
  (9, 102, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 10:00:00', '2026-03-02 10:00:00'),
  (10, 102, NULL, 2, 3, 2, NULL, 60, 2, NULL, NULL, '2026-03-02 10:15:00', '2026-03-02 10:15:00'),
  (11, 103, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- spam
  (12, 103, NULL, 4, 4, 2, 1, 60, 1, NULL, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  (13, 104, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- spam
  (14, 104, NULL, 4, 4, 2, 1, 60, 1, NULL, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  -- no spam after all
  (15, 104, NULL, 4, 1, 2, 1, 60, 1, NULL, NULL, '2026-03-02 09:20:00', '2026-03-02 09:20:00'),
  (16, 104, NULL, 2, 1, 2, NULL, 60, 1, NULL, NULL, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  (17, 105, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- deleted
  (18, 105, NULL, 4, 6, 2, 10, 60, 1, NULL, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  (19, 106, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- deleted
  (20, 106, NULL, 4, 6, 2, 10, 60, 1, NULL, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  -- restored
  (21, 106, NULL, 4, 6, 2, 11, 60, 1, NULL, NULL, '2026-03-02 09:20:00', '2026-03-02 09:20:00'),
  (22, 108, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- of 7
  (23, 108, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  -- merged into 8
  (24, 107, NULL, 4, 6, 2, 4, 60, 1, NULL, '{"mic":108}', '2026-03-02 09:40:00', '2026-03-02 09:40:00'),
  -- and deleted
  (25, 107, NULL, 4, 6, 2, 10, 60, 1, NULL, NULL, '2026-03-02 09:40:00', '2026-03-02 09:40:00'),
  (26, 108, NULL, 4, 6, 2, 4, 60, 1, NULL, '{"mwc":107}', '2026-03-02 09:40:00', '2026-03-02 09:40:00'),
  (27, 108, NULL, 2, 1, 2, NULL, 60, 2, NULL, NULL, '2026-03-02 10:00:00', '2026-03-02 10:00:00'),
  (28, 109, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- could not be sent
  (29, 109, NULL, 2, 3, 2, NULL, 60, 1, 2, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  (30, 109, NULL, 2, 1, 2, NULL, 60, 1, 6, NULL, '2026-03-02 09:45:00', '2026-03-02 09:45:00'),
  (31, 110, NULL, 2, 1, 1, NULL, 60, 1, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (32, 111, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (33, 111, NULL, 2, 3, 2, NULL, 60, 1, NULL, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  -- opens it again
  (34, 111, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 11:00:00', '2026-03-02 11:00:00'),
  (35, 112, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  -- hidden
  (36, 112, NULL, 2, 3, 3, NULL, 60, 1, NULL, NULL, '2026-03-02 09:05:00', '2026-03-02 09:05:00'),
  -- closed by a workflow
  (37, 112, NULL, 4, 3, 2, 1, 60, 9, NULL, NULL, '2026-03-02 10:00:00', '2026-03-02 10:00:00'),
  -- assigned to nobody
  (38, 112, NULL, 4, 6, 2, 2, 60, 1, NULL, NULL, '2026-03-02 10:30:00', '2026-03-02 10:30:00'),
  (39, 113, NULL, 1, 1, 2, NULL, 60, NULL, NULL, NULL, '2026-03-02 09:00:00', '2026-03-02 09:00:00'),
  (40, 113, NULL, 2, 2, 2, NULL, 60, 1, NULL, NULL, '2026-03-02 09:10:00', '2026-03-02 09:10:00'),
  -- is active again
  (41, 113, NULL, 4, 1, 2, 1, 60, 1, NULL, NULL, '2026-03-02 09:30:00', '2026-03-02 09:30:00'),
  (42, 113, NULL, 2, 3, 2, NULL, 60, 1, NULL, NULL, '2026-03-02 09:40:00', '2026-03-02 09:40:00');

