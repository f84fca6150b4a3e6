-- Wrappers, servers, user mappings and foreign tables.
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw SCHEMA public;
CREATE FOREIGN DATA WRAPPER bare;
CREATE FOREIGN DATA WRAPPER "Own Wrapper" HANDLER postgres_fdw_handler VALIDATOR public.postgres_fdw_validator;
COMMENT ON FOREIGN DATA WRAPPER bare IS 'no handler';
ALTER FOREIGN DATA WRAPPER bare OPTIONS (ADD debug 'true', ADD "odd name" 'it''s');
ALTER FOREIGN DATA WRAPPER bare OPTIONS (SET debug 'false', DROP "odd name");
CREATE SERVER films FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'films.example', dbname 'films', port '5433');
ALTER SERVER films VERSION '15' OPTIONS (SET host 'other.example', DROP port, ADD fetch_size '500');
COMMENT ON SERVER films IS 'the other one';
CREATE SERVER IF NOT EXISTS files TYPE 'disk' VERSION '1' FOREIGN DATA WRAPPER file_fdw;
CREATE SERVER gone FOREIGN DATA WRAPPER postgres_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER gone;
DROP SERVER gone CASCADE;
CREATE SERVER named FOREIGN DATA WRAPPER bare;
ALTER SERVER named RENAME TO "Named Server";
CREATE USER MAPPING FOR PUBLIC SERVER films OPTIONS (user 'reader', password 'never kept');
CREATE USER MAPPING FOR postgres SERVER films;
ALTER USER MAPPING FOR PUBLIC SERVER films OPTIONS (SET user 'writer');
CREATE USER MAPPING FOR PUBLIC SERVER "Named Server";
DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER "Named Server";
CREATE FOREIGN TABLE actors (
  id integer OPTIONS (column_name 'actor_id') NOT NULL,
  name text COLLATE "C" DEFAULT 'nobody',
  born date,
  CONSTRAINT actors_id CHECK (id > 0)
) SERVER films OPTIONS (schema_name 'public', table_name 'actor');
COMMENT ON FOREIGN TABLE actors IS 'far away';
COMMENT ON COLUMN actors.name IS 'stage name';
ALTER FOREIGN TABLE actors OPTIONS (SET table_name 'actors', ADD fetch_size '10');
ALTER FOREIGN TABLE actors ALTER COLUMN name OPTIONS (ADD column_name 'stage_name');
ALTER FOREIGN TABLE actors ADD COLUMN died date OPTIONS (column_name 'death');
ALTER FOREIGN TABLE actors RENAME COLUMN born TO birth;
ALTER FOREIGN TABLE actors ALTER COLUMN birth SET NOT NULL;
CREATE SCHEMA far;
ALTER FOREIGN TABLE actors SET SCHEMA far;
ALTER FOREIGN TABLE far.actors RENAME TO "Actors";
CREATE VIEW known AS SELECT id, name FROM far."Actors";
CREATE FOREIGN TABLE lines (line text) SERVER files OPTIONS (filename '/tmp/none.csv', format 'csv');
-- A partition and a child that are elsewhere.
CREATE TABLE events (id integer NOT NULL, at date) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE FOREIGN TABLE events_2020 PARTITION OF events (id DEFAULT 5) FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') SERVER films OPTIONS (table_name 'e20');
CREATE INDEX events_at ON events (at);
ALTER FOREIGN TABLE events_2020 ALTER COLUMN at OPTIONS (column_name 'day');
CREATE TABLE base (a integer);
CREATE FOREIGN TABLE below (b integer) INHERITS (base) SERVER films;
DROP FOREIGN TABLE IF EXISTS nowhere;
CREATE FOREIGN TABLE kept (a text OPTIONS (auth_token 'never kept', n 'y')) SERVER "Named Server" OPTIONS (api_key 'never kept');
ALTER FOREIGN TABLE kept ALTER COLUMN a OPTIONS (ADD secret 'never kept');
