-- PostgreSQL 13 stores EXTRACT as date_part, so its text differs there
CREATE TABLE events (
  at timestamptz NOT NULL,
  kind text,
  CHECK (extract(year FROM at) > 2000)
);
CREATE VIEW ages AS SELECT extract(epoch FROM at), extract(dow FROM at) AS day FROM events;
CREATE UNIQUE INDEX one_kind ON events (kind) NULLS NOT DISTINCT;
CREATE TABLE keys (a int, b int, UNIQUE NULLS NOT DISTINCT (a, b));
CREATE TABLE children (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));
CREATE TABLE grandchildren (a int, b int, FOREIGN KEY (a, b) REFERENCES children (a, b) ON DELETE SET NULL (b));
