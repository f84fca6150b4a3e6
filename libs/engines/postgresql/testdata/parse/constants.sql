CREATE TABLE t (id integer, a numeric DEFAULT 1e4, b double precision DEFAULT 2.5e-4, c integer DEFAULT 1e2, d numeric(12, 2) DEFAULT -1.50e2, CHECK (a < 1e6), CONSTRAINT small CHECK (b < 1.5e-7 AND c > 12));
CREATE INDEX big ON t (a) WHERE a > 1e3;
CREATE VIEW v AS SELECT id, 1e3 AS k, a * 1E2 AS m, -2e1 AS n, 1.50e1 AS o FROM t WHERE a > 1e2;
