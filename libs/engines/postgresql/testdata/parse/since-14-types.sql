CREATE SCHEMA app;
CREATE TYPE floatrange AS RANGE (SUBTYPE = float8);
CREATE TYPE span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = "Spans");
CREATE TYPE app.moved AS RANGE (SUBTYPE = bigint);
ALTER TYPE app.moved RENAME TO movable;
ALTER TYPE app.movable SET SCHEMA public;
CREATE TABLE t (f floatmultirange, s "Spans", i int4multirange DEFAULT '{}');
