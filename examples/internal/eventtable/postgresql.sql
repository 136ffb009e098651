-- The columns of an event in PostgreSQL.
CREATE TABLE IF NOT EXISTS service_events (
  "type"         text NOT NULL,
  "id"           text,
  "conversation" text NOT NULL,
  "at"           timestamptz NOT NULL,
  "seq"          bigint,
  "channel"      text,
  "customer"     text,
  "agent"        text,
  "team"         text,
  "by"           text,
  "stars"        smallint,
  "priority"     text,
  "into"         text,
  "for"          text,
  "until"        timestamptz,
  "took"         text,
  "event"        text,
  UNIQUE ("conversation", "type", "id")
);
CREATE INDEX IF NOT EXISTS service_events_into ON service_events ("into") WHERE "into" IS NOT NULL;

-- When each conversation changed last: microseconds since 1970, never the same for two
-- transactions.
CREATE TABLE IF NOT EXISTS service_changes (
  "conversation" text PRIMARY KEY,
  "changed"      bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS service_changes_changed ON service_changes ("changed");

-- The last of these numbers. Who writes events takes the next one first, and so waits for
-- those who write at the same time.
CREATE TABLE IF NOT EXISTS service_clock (
  "one"     smallint PRIMARY KEY CHECK ("one" = 1),
  "changed" bigint NOT NULL
);
INSERT INTO service_clock ("one", "changed") VALUES (1, 0) ON CONFLICT DO NOTHING;
