-- The columns of an event in MySQL and MariaDB. Instants are text in UTC with nine digits
-- after the point, so that their order is that of the text: a DATETIME does not say how far
-- it is from UTC. Names differ in capital letters and accents, which they would not by the
-- usual collations.
CREATE TABLE IF NOT EXISTS service_events (
  `type`         VARCHAR(20) NOT NULL,
  `id`           VARCHAR(255),
  `conversation` VARCHAR(255) NOT NULL,
  `at`           VARCHAR(30) NOT NULL,
  `seq`          BIGINT,
  `channel`      VARCHAR(255),
  `customer`     VARCHAR(255),
  `agent`        VARCHAR(255),
  `team`         VARCHAR(255),
  `by`           VARCHAR(20),
  `stars`        TINYINT,
  `priority`     VARCHAR(255),
  `into`         VARCHAR(255),
  `for`          VARCHAR(255),
  `until`        VARCHAR(30),
  `took`         VARCHAR(40),
  `event`        VARCHAR(255),
  UNIQUE KEY service_events_key (`conversation`, `type`, `id`),
  KEY service_events_into (`into`)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- When each conversation changed last: microseconds since 1970, never the same for two
-- transactions.
CREATE TABLE IF NOT EXISTS service_changes (
  `conversation` VARCHAR(255) PRIMARY KEY,
  `changed`      BIGINT NOT NULL,
  KEY service_changes_changed (`changed`)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The last of these numbers. Who writes events takes the next one first, and so waits for
-- those who write at the same time.
CREATE TABLE IF NOT EXISTS service_clock (
  `one`     TINYINT PRIMARY KEY,
  `changed` BIGINT NOT NULL
);
INSERT IGNORE INTO service_clock (`one`, `changed`) VALUES (1, 0);
