-- Partitioned tables of every strategy, with keys, indexes and foreign keys that partitions have copies of.
CREATE TABLE regions (code text PRIMARY KEY, parent text);
CREATE TABLE events (
  id bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  region text NOT NULL REFERENCES regions (code),
  kind varchar(20) DEFAULT 'plain',
  amount numeric(10,2),
  payload jsonb,
  CONSTRAINT events_amount CHECK (amount > 0),
  PRIMARY KEY (id, at),
  UNIQUE (region, at)
) PARTITION BY RANGE (at);
COMMENT ON TABLE events IS 'all of them';
COMMENT ON COLUMN events.kind IS 'a word';
CREATE INDEX events_kind ON events (lower(kind), amount DESC) WHERE amount > 10;
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE events_2024 PARTITION OF events (
  kind DEFAULT 'new' NOT NULL,
  CONSTRAINT events_2024_low CHECK (amount < 1000)
) FOR VALUES FROM ('2024-01-01') TO ('2025-01-01 12:30+02') WITH (fillfactor = 70);
CREATE TABLE events_rest PARTITION OF events DEFAULT;
COMMENT ON COLUMN events_2024.kind IS 'another word';
CREATE INDEX ON events_2024 (payload);
CREATE UNIQUE INDEX events_old_once ON events_old (id) INCLUDE (kind);
ALTER TABLE events_old ADD CONSTRAINT events_old_region FOREIGN KEY (kind) REFERENCES regions (code);
-- The parent goes on changing.
ALTER TABLE events ADD COLUMN note text DEFAULT 'none', ADD CHECK (note <> '');
ALTER TABLE events ALTER COLUMN amount TYPE numeric(12,2);
ALTER TABLE events_old ALTER COLUMN note SET DEFAULT 'old';
ALTER TABLE events_rest ALTER COLUMN note DROP DEFAULT;
ALTER TABLE ONLY events ALTER COLUMN payload SET DEFAULT '{}';
CREATE INDEX events_note ON events USING hash (note);
ALTER INDEX events_note RENAME TO events_note_hash;
ALTER TABLE events RENAME CONSTRAINT events_amount TO events_positive;
ALTER TABLE events RENAME COLUMN payload TO body;
ALTER TABLE events DROP COLUMN kind;
-- Every strategy, with several keys and levels.
CREATE TABLE sales (shop integer, day date, city text COLLATE "C", small smallint, big bigint, price numeric(6,2), flag boolean, code uuid)
  PARTITION BY LIST (city);
CREATE TABLE sales_north PARTITION OF sales FOR VALUES IN ('oslo', 'bergen', NULL) PARTITION BY RANGE (shop, day);
CREATE TABLE sales_north_1 PARTITION OF sales_north FOR VALUES FROM (-10, MINVALUE) TO (100, '2024-06-01');
CREATE TABLE sales_south PARTITION OF sales FOR VALUES IN ('rome', 'it''s') PARTITION BY HASH (big, code);
CREATE TABLE sales_south_0 PARTITION OF sales_south FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sales_south_1 PARTITION OF sales_south FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX sales_day ON sales (day);
CREATE TABLE by_big (LIKE sales INCLUDING ALL) PARTITION BY RANGE (big, small, price);
CREATE TABLE by_big_1 PARTITION OF by_big FOR VALUES FROM (-5, -1, 0) TO ('100', 7, 1.50);
CREATE TABLE by_flag (LIKE sales) PARTITION BY LIST (flag);
CREATE TABLE by_flag_1 PARTITION OF by_flag FOR VALUES IN ('yes');
CREATE TABLE by_code (LIKE sales) PARTITION BY LIST (code);
CREATE TABLE by_code_1 PARTITION OF by_code FOR VALUES IN ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11');
CREATE TABLE by_text (LIKE sales) PARTITION BY LIST (city COLLATE "C" text_pattern_ops);
CREATE TABLE by_text_1 PARTITION OF by_text FOR VALUES IN (5, 'x');
CREATE TABLE by_words (a text, b integer, c timestamptz) PARTITION BY RANGE (lower(a), (b + 1), (a));
CREATE TABLE by_words_1 PARTITION OF by_words FOR VALUES FROM ('a', 1, 'b') TO ('b', 3, MAXVALUE);
-- Tables come and go.
CREATE TABLE joined (id bigint NOT NULL, at timestamptz NOT NULL, region text NOT NULL, amount numeric(12,2), body jsonb, note text,
  CONSTRAINT events_positive CHECK (amount > 0), CONSTRAINT events_note_check CHECK (note <> ''), CONSTRAINT joined_own CHECK (id > 0),
  CONSTRAINT joined_key PRIMARY KEY (id, at));
CREATE INDEX joined_hash ON joined USING hash (note);
CREATE INDEX joined_extra ON joined (amount);
ALTER TABLE events ATTACH PARTITION joined FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
ALTER TABLE events DETACH PARTITION events_rest;
ALTER TABLE sales DETACH PARTITION sales_south;
DROP TABLE by_flag;
-- As pg_dump writes keys and indexes.
CREATE TABLE dumped (a integer NOT NULL, b text) PARTITION BY RANGE (a);
CREATE TABLE dumped_1 (a integer NOT NULL, b text);
ALTER TABLE ONLY dumped ATTACH PARTITION dumped_1 FOR VALUES FROM (0) TO (10);
CREATE INDEX dumped_b ON ONLY dumped USING btree (b);
ALTER TABLE ONLY dumped ADD CONSTRAINT dumped_pkey PRIMARY KEY (a);
ALTER TABLE ONLY dumped_1 ADD CONSTRAINT dumped_1_pkey PRIMARY KEY (a);
CREATE INDEX dumped_1_b_idx ON dumped_1 USING btree (b);
ALTER INDEX dumped_b ATTACH PARTITION dumped_1_b_idx;
ALTER INDEX dumped_pkey ATTACH PARTITION dumped_1_pkey;
-- Names that need quotes.
CREATE SCHEMA "Odd Place";
CREATE TABLE "Odd Place"."user" ("select" integer NOT NULL, "Größe" text, "a""b" integer) PARTITION BY RANGE ("select", (upper("Größe")), "a""b");
CREATE TABLE "Odd Place"."Part of ""user""" PARTITION OF "Odd Place"."user" ("Größe" NOT NULL)
  FOR VALUES FROM (1, 'A', MINVALUE) TO (2, 'B', MAXVALUE);
CREATE VIEW odd AS SELECT * FROM "Odd Place"."Part of ""user""";
