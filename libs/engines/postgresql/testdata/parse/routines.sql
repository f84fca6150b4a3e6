CREATE SCHEMA app;
CREATE TABLE app.t (id integer PRIMARY KEY, name text, price numeric(10,2), tags text[]);
CREATE TYPE app.mood AS ENUM ('sad', 'glad');

CREATE FUNCTION plain() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.overloaded(a int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT a + 1 $$;
CREATE FUNCTION app.overloaded(a text, b varchar(10) DEFAULT 'x') RETURNS text LANGUAGE sql STABLE STRICT AS $$ SELECT a || b $$;
CREATE FUNCTION app.overloaded() RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  r app.t%ROWTYPE;
BEGIN
  -- a comment with 'quotes' and $$ dollars $$
  FOR r IN SELECT * FROM app.t LOOP
    PERFORM app.overloaded(r.id);
  END LOOP;
END
$body$;
CREATE FUNCTION modes(IN a int, OUT b text, INOUT c numeric(5,2) DEFAULT 1.5, VARIADIC d int[] DEFAULT '{}') LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
CREATE FUNCTION single_out(a int, OUT b bigint) LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION rows_of(min numeric) RETURNS TABLE (id int, "Name of it" text) LANGUAGE sql ROWS 50 COST 7.5 AS
  'SELECT id, name FROM app.t WHERE price > min';
CREATE FUNCTION set_of() RETURNS SETOF app.t LANGUAGE sql AS 'SELECT * FROM app.t';
CREATE FUNCTION nulls(a int DEFAULT NULL, b app.mood DEFAULT 'sad', c timestamptz DEFAULT now(), d bool = true, e char(3) DEFAULT 'abc')
  RETURNS app.mood[] LANGUAGE sql AS 'SELECT ARRAY[b]';
CREATE FUNCTION options(a anyelement, b "any") RETURNS anyelement LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'booland_statefunc';
CREATE FUNCTION guarded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path TO app, "$user", '' SET work_mem = '64MB' SET statement_timeout TO 5000 SET datestyle = iso, dmy
  SET "my.setting" = 'it''s' AS $$ BEGIN NEW.name := lower(NEW.name); RETURN NEW; END $$;
CREATE FUNCTION copied(a app.t.price%TYPE, b app.t.tags%TYPE) RETURNS app.t.id%TYPE LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION of_row(app.t, integer[][], interval day to second, bit(3)) RETURNS record LANGUAGE sql AS 'SELECT 1, 2';
CREATE PROCEDURE work(a int, INOUT b text DEFAULT NULL) LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
CREATE OR REPLACE PROCEDURE work(a int, INOUT b text DEFAULT 'y') LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN NULL; END $$;
CREATE FUNCTION "Weird ""name"" of select"("a b" int, "select" text) RETURNS text LANGUAGE sql AS $_$SELECT $2 || '$$' || $1 || '$code$'$_$;
CREATE FUNCTION window_like(a int) RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number';
CREATE FUNCTION forward_sees() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM later); END $$;
CREATE TABLE later (x int DEFAULT plain(), y int CHECK (app.overloaded(y) > 0), z int GENERATED ALWAYS AS (app.overloaded(x)) STORED);
CREATE INDEX later_by ON later (app.overloaded(x)) WHERE app.overloaded(y) > 3;
CREATE VIEW seen AS SELECT plain() AS one, app.overloaded(x) AS two FROM later WHERE app.overloaded('a') = 'ax';

COMMENT ON FUNCTION plain() IS 'it''s plain';
COMMENT ON PROCEDURE work(int, text) IS 'works';
COMMENT ON FUNCTION app.overloaded(text, varchar) IS 'of texts';

CREATE TRIGGER a_first BEFORE INSERT OR UPDATE OF price, name ON app.t FOR EACH ROW WHEN (NEW.price > 1 AND new.name IS NOT NULL) EXECUTE FUNCTION guarded();
CREATE TRIGGER b_changes AFTER UPDATE ON app.t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE PROCEDURE public.guarded('a', 1, 'it''s', x);
CREATE TRIGGER c_all AFTER DELETE OR TRUNCATE ON app.t EXECUTE FUNCTION guarded();
CREATE TRIGGER "D Rows" AFTER INSERT ON app.t REFERENCING NEW TABLE AS "New Rows" FOR EACH STATEMENT EXECUTE FUNCTION guarded();
CREATE TRIGGER e_rows AFTER UPDATE ON app.t REFERENCING OLD TABLE old_rows NEW TABLE AS new_rows FOR EACH ROW EXECUTE FUNCTION guarded();
CREATE CONSTRAINT TRIGGER f_constraint AFTER INSERT ON later FROM app.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guarded();
CREATE CONSTRAINT TRIGGER g_constraint AFTER INSERT ON later FOR EACH ROW EXECUTE FUNCTION guarded();
CREATE TRIGGER h_instead INSTEAD OF UPDATE ON seen FOR EACH ROW EXECUTE FUNCTION guarded();
CREATE TRIGGER i_server BEFORE UPDATE ON later FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE app.t DISABLE TRIGGER a_first;
ALTER TABLE app.t ENABLE ALWAYS TRIGGER b_changes;
ALTER TABLE app.t ENABLE REPLICA TRIGGER c_all;
COMMENT ON TRIGGER a_first ON app.t IS 'first';

CREATE TABLE parted (k int, v text) PARTITION BY LIST (k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TRIGGER on_parted AFTER INSERT ON parted FOR EACH ROW EXECUTE FUNCTION guarded();
CREATE TRIGGER on_part BEFORE INSERT ON parted_1 FOR EACH ROW EXECUTE FUNCTION guarded();
