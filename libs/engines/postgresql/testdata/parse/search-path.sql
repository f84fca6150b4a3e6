CREATE SCHEMA app;
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
SET search_path TO app, public, ext;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE public.country (code char(2) PRIMARY KEY);
CREATE TABLE person (
  id serial PRIMARY KEY,
  feeling mood NOT NULL DEFAULT 'ok'::mood,
  mail citext,
  country char(2) REFERENCES country,
  boss int REFERENCES person
);
CREATE INDEX ON person (mail);
CREATE VIEW happy AS WITH country AS (SELECT id FROM person) SELECT p.*, 'ok'::mood AS now FROM person p JOIN country USING (id) WHERE p.feeling = 'ok';
CREATE SEQUENCE ticket;
ALTER TABLE person ADD COLUMN ticket int DEFAULT nextval('ticket');
ALTER SEQUENCE ticket OWNED BY person.ticket;
COMMENT ON COLUMN person.mail IS 'where to write';
COMMENT ON TYPE mood IS 'how it is';
SET search_path = "$user", public;
CREATE TABLE person (id int PRIMARY KEY);
CREATE TABLE visit (person int REFERENCES person, host int REFERENCES app.person);
SET SCHEMA 'app';
CREATE TABLE visit (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz);
ALTER TABLE visit ADD PRIMARY KEY (id);
ALTER TYPE mood ADD VALUE 'fine';
RESET search_path;
ALTER TABLE visit ADD COLUMN at date;
SET LOCAL search_path TO ext;
CREATE TABLE note (a app.mood[], b citext NOT NULL);
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.plain (a integer, b text);
CREATE VIEW public.wide AS SELECT * FROM public.plain;
ALTER TABLE public.plain ADD COLUMN c numeric(10,2);
CREATE SCHEMA inner_one
  CREATE TABLE part (id int PRIMARY KEY, whole int REFERENCES part)
  CREATE VIEW parts AS SELECT * FROM part;
CREATE TABLE public.last (id int);
