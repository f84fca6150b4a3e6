CREATE SCHEMA app;
CREATE DOMAIN app.email AS varchar(100) COLLATE "C" DEFAULT 'none@x' NOT NULL CHECK (VALUE ~~ '%@%') CONSTRAINT "Long Enough" CHECK (length(VALUE) > 3);
COMMENT ON DOMAIN app.email IS 'where to write';
COMMENT ON CONSTRAINT "Long Enough" ON DOMAIN app.email IS 'a@b';
CREATE DOMAIN app.work_email AS app.email CHECK (VALUE <> 'root@x');
CREATE DOMAIN app.bare_email AS app.email DEFAULT NULL;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
ALTER DOMAIN positive ADD CHECK (VALUE < 1000) NOT VALID;
ALTER DOMAIN positive ADD CONSTRAINT even CHECK (VALUE % 2 = 0) NOT VALID;
ALTER DOMAIN positive VALIDATE CONSTRAINT even;
ALTER DOMAIN positive RENAME CONSTRAINT even TO "Even";
ALTER DOMAIN positive SET DEFAULT 2;
ALTER DOMAIN positive SET NOT NULL;
ALTER DOMAIN positive DROP NOT NULL;
CREATE DOMAIN money_like AS numeric(10,2) DEFAULT 0 CHECK (VALUE >= 0);
CREATE DOMAIN tags AS text[] CHECK (cardinality(VALUE) < 10);
CREATE DOMAIN dropped AS text CHECK (VALUE <> '');
ALTER DOMAIN dropped DROP CONSTRAINT dropped_check;
ALTER DOMAIN dropped DROP CONSTRAINT IF EXISTS nothing;
ALTER DOMAIN dropped RENAME TO "Kept""Domain";
ALTER DOMAIN "Kept""Domain" SET SCHEMA app;
CREATE DOMAIN gone AS date;
DROP DOMAIN gone;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE DOMAIN good_mood AS mood DEFAULT 'ok' CHECK (VALUE <> 'sad');
CREATE TYPE address AS (street text COLLATE "C", zip varchar(10), moods mood[], "Select" positive);
COMMENT ON TYPE address IS 'where one lives';
COMMENT ON COLUMN address.street IS 'with number';
ALTER TYPE address ADD ATTRIBUTE country character(2), DROP ATTRIBUTE zip;
ALTER TYPE address ALTER ATTRIBUTE country SET DATA TYPE text COLLATE "POSIX";
ALTER TYPE address RENAME ATTRIBUTE country TO land;
CREATE TYPE person AS (name text, home address, others address[]);
ALTER TYPE person RENAME TO human;
CREATE TYPE nothing AS ();
CREATE TYPE floatrange AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TYPE app.words AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
COMMENT ON TYPE floatrange IS 'from to';
CREATE TABLE t (
  id integer PRIMARY KEY,
  e app.email DEFAULT 'a@b',
  w app.work_email,
  p positive DEFAULT 4,
  m money_like NOT NULL,
  g good_mood,
  ts tags DEFAULT '{}',
  a address,
  pe human[],
  f floatrange DEFAULT '[1,2)',
  CHECK (e <> 'x@y'),
  CHECK (length(w) > 5 AND p > 3),
  CHECK (m < 100.5 OR g::mood = 'ok'),
  CHECK ((a).street <> ''),
  CHECK (f @> 1.5::float8)
);
CREATE INDEX t_e ON t (lower(e)) WHERE p > 4;
CREATE VIEW v AS SELECT id, e, w || 'x' AS wx, p + 1 AS p1, m FROM t WHERE p > 2 AND e = 'a@b';
