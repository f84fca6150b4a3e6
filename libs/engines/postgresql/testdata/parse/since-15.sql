CREATE TABLE t (id integer, a text);
CREATE VIEW invoked WITH (security_invoker = yes, security_barrier = 1) AS SELECT id FROM t;
CREATE VIEW owned WITH (security_invoker = off) AS SELECT id FROM t;
