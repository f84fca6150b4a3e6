-- Inheritance with one parent, with several, with columns of both.
CREATE TABLE animals (
  id integer PRIMARY KEY,
  name varchar(40) NOT NULL DEFAULT 'nameless',
  legs integer CONSTRAINT animals_legs CHECK (legs >= 0),
  seen date CHECK (seen > '1900-01-01') NO INHERIT
);
COMMENT ON COLUMN animals.name IS 'how it is called';
CREATE INDEX animals_name ON animals (name);
CREATE TABLE dogs (breed text, barks boolean NOT NULL DEFAULT true) INHERITS (animals);
CREATE TABLE machines (id integer NOT NULL, power numeric CHECK (power > 0), name varchar(40));
CREATE TABLE robots (legs integer DEFAULT 4, CONSTRAINT animals_legs CHECK (legs >= 0), model text UNIQUE) INHERITS (machines, animals);
CREATE TABLE puppies (age integer) INHERITS (dogs);
COMMENT ON COLUMN puppies.breed IS 'unsure';
ALTER TABLE puppies ALTER COLUMN barks SET DEFAULT false;
ALTER TABLE dogs ALTER COLUMN breed SET NOT NULL;
CREATE INDEX puppies_name ON puppies (lower(name), breed);
ALTER TABLE animals ADD COLUMN weight numeric(8,3) DEFAULT 1, ADD CONSTRAINT animals_weight CHECK (weight > 0);
ALTER TABLE machines ADD COLUMN made date;
ALTER TABLE robots ADD COLUMN colour text;
ALTER TABLE machines ADD COLUMN colour text;
ALTER TABLE animals RENAME COLUMN legs TO feet;
ALTER TABLE animals ALTER COLUMN weight TYPE numeric(10,3);
ALTER TABLE animals DROP COLUMN feet CASCADE;
-- Parents are joined and left.
CREATE TABLE cats (id integer NOT NULL, name varchar(40) NOT NULL, seen date, weight numeric(10,3), lives integer,
  CONSTRAINT animals_weight CHECK (weight > 0));
ALTER TABLE cats INHERIT animals;
CREATE TABLE birds (wings integer) INHERITS (animals);
ALTER TABLE birds NO INHERIT animals;
ALTER TABLE animals ADD COLUMN last text;
CREATE TABLE gone () INHERITS (machines);
DROP TABLE gone;
CREATE TABLE base (a integer, b integer);
CREATE TABLE derived (b integer) INHERITS (base);
ALTER TABLE base DROP COLUMN b;
ALTER TABLE base ADD CONSTRAINT base_a CHECK (a > 0) NOT VALID;
ALTER TABLE base VALIDATE CONSTRAINT base_a;
ALTER TABLE base ADD CONSTRAINT base_local CHECK (a < 100) NO INHERIT;
CREATE VIEW all_dogs AS SELECT * FROM dogs;
CREATE SCHEMA "Far";
CREATE TABLE "Far"."Child" ("Own" text) INHERITS (public.base);
ALTER TABLE base SET SCHEMA "Far";
ALTER TABLE "Far".base RENAME TO "Base";
