CREATE TABLE t (id integer PRIMARY KEY, name text NOT NULL, made date);
CREATE TABLE log (at timestamptz DEFAULT now(), what text, n int);
CREATE FUNCTION adds(a int, b int DEFAULT 2) RETURNS int IMMUTABLE RETURN a + $2;
CREATE FUNCTION reads(id int) RETURNS SETOF t STABLE BEGIN ATOMIC SELECT * FROM t WHERE t.id = reads.id; END;
CREATE FUNCTION names(prefix text) RETURNS TABLE (n text) BEGIN ATOMIC SELECT name FROM t WHERE name LIKE prefix || '%' ORDER BY 1; END;
CREATE PROCEDURE writes(a int, b text) BEGIN ATOMIC
  INSERT INTO t VALUES (a, b, '2020-01-01');
  INSERT INTO log (what, n) SELECT name, id FROM t;
  UPDATE t SET name = upper(b), made = NULL WHERE id = a;
  DELETE FROM log WHERE n < a;
END;
CREATE FUNCTION nothing() RETURNS void BEGIN ATOMIC END;
CREATE FUNCTION calls() RETURNS int RETURN adds(1) + adds(1, 2);
CREATE TABLE uses_it (x int DEFAULT calls());
CREATE PROCEDURE outs(a int, OUT b int, OUT c text) LANGUAGE plpgsql AS $$ BEGIN b := a; c := 'x'; END $$;
COMMENT ON PROCEDURE outs(int, int, text) IS 'outs';
CREATE OR REPLACE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
