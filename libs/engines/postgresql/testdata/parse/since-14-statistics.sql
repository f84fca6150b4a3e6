-- Statistics of expressions follow what they name.
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN positive AS integer;
CREATE TABLE t (id integer PRIMARY KEY, a text, b integer, m mood, d integer);
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE STATISTICS s ON (f(b)), a FROM t;
CREATE STATISTICS r ON (b::positive), (m = 'good'::mood) FROM t;
CREATE STATISTICS q ON (lower(t.a) || 'x') FROM t;
CREATE STATISTICS gone ON (d + 1), a FROM t;
CREATE STATISTICS along ON (d), a FROM t;
ALTER TYPE mood RENAME TO temper;
ALTER DOMAIN positive RENAME TO above;
ALTER FUNCTION f(integer) RENAME TO g;
ALTER TABLE t RENAME COLUMN b TO n;
ALTER TABLE t RENAME TO u;
ALTER TABLE u DROP COLUMN d;
