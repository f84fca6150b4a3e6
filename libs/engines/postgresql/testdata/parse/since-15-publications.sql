-- Publications of columns, rows and schemas.
CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE SCHEMA gone;
CREATE TABLE t (id integer PRIMARY KEY, a text, b numeric(5, 2), at timestamptz);
CREATE TABLE app.v (id integer PRIMARY KEY, kind varchar(10));
CREATE PUBLICATION p FOR TABLE t (b, id, a) WHERE (b BETWEEN 1 AND 2.5 AND a LIKE 'x%'), app.v WHERE (kind = 'a' OR v.id > 3);
ALTER TABLE t RENAME COLUMN b TO "B b";
ALTER TABLE app.v RENAME TO w;
CREATE PUBLICATION s FOR TABLES IN SCHEMA app, gone, TABLE t;
DROP SCHEMA gone;
ALTER PUBLICATION s ADD TABLES IN SCHEMA other;
ALTER PUBLICATION s DROP TABLES IN SCHEMA app, TABLE t;
ALTER SCHEMA other RENAME TO "Other";
CREATE PUBLICATION c FOR TABLE t (id, at), app.w;
ALTER TABLE t DROP COLUMN at CASCADE;
CREATE PUBLICATION many FOR TABLE t (id) WHERE (id > 0), app.w (id);
