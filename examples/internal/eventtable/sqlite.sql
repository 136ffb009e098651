-- The columns of an event in SQLite. Instants are text in UTC with nine digits after the
-- point, so that their order is that of the text.
CREATE TABLE IF NOT EXISTS service_events (
  "type"         TEXT NOT NULL,
  "id"           TEXT,
  "conversation" TEXT NOT NULL,
  "at"           TEXT NOT NULL,
  "seq"          INTEGER,
  "channel"      TEXT,
  "customer"     TEXT,
  "agent"        TEXT,
  "team"         TEXT,
  "by"           TEXT,
  "stars"        INTEGER,
  "priority"     TEXT,
  "into"         TEXT,
  "for"          TEXT,
  "until"        TEXT,
  "took"         TEXT,
  "event"        TEXT,
  UNIQUE ("conversation", "type", "id")
);
CREATE INDEX IF NOT EXISTS service_events_into ON service_events ("into") WHERE "into" IS NOT NULL;

-- When each conversation changed last: microseconds since 1970, never the same for two
-- transactions.
CREATE TABLE IF NOT EXISTS service_changes (
  "conversation" TEXT PRIMARY KEY,
  "changed"      INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS service_changes_changed ON service_changes ("changed");

-- The last of these numbers. Who writes events takes the next one first, and so waits for
-- those who write at the same time.
CREATE TABLE IF NOT EXISTS service_clock (
  "one"     INTEGER PRIMARY KEY CHECK ("one" = 1),
  "changed" INTEGER NOT NULL
);
INSERT INTO service_clock ("one", "changed") VALUES (1, 0) ON CONFLICT DO NOTHING;
