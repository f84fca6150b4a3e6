CREATE SCHEMA app;
CREATE TABLE app.members (id bigint PRIMARY KEY, team bigint, login name);
CREATE TABLE app.orders (id bigint PRIMARY KEY, team bigint, total numeric, login name, state text);
CREATE TABLE app.notes (id bigint, order_id bigint, gone boolean);
CREATE VIEW app.active AS SELECT id, team FROM app.members WHERE login IS NOT NULL;

ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE app.members ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.notes FORCE ROW LEVEL SECURITY;
ALTER TABLE app.notes NO FORCE ROW LEVEL SECURITY;

CREATE POLICY all_of_team ON app.orders
  USING (team IN (SELECT m.team FROM app.members m WHERE m.login = current_user));
CREATE POLICY via_view ON app.orders FOR SELECT TO dsem_parse_reader
  USING (EXISTS (SELECT 1 FROM app.active WHERE active.team = orders.team AND total > 0));
CREATE POLICY own ON app.orders AS RESTRICTIVE FOR UPDATE TO dsem_parse_writer, dsem_parse_reader
  USING (login = SESSION_USER) WITH CHECK (coalesce(total, 0) >= 0 AND state LIKE 'o%');
CREATE POLICY self ON app.members FOR SELECT USING (id = (SELECT max(members.id) FROM app.members));
CREATE POLICY "By Setting" ON app.notes
  USING (order_id = nullif(current_setting('app.order', true), '')::bigint) WITH CHECK (true);
CREATE POLICY later ON app.notes FOR INSERT TO dsem_parse_writer WITH CHECK (NOT gone);
COMMENT ON POLICY later ON app.notes IS 'inserts';

ALTER POLICY later ON app.notes TO PUBLIC WITH CHECK (NOT coalesce(gone, false));
ALTER POLICY later ON app.notes RENAME TO "Later";
ALTER TABLE app.orders RENAME COLUMN team TO crew;
ALTER TABLE app.members RENAME COLUMN team TO crew;
ALTER TABLE app.orders RENAME TO "Orders";
ALTER TABLE app.members RENAME TO people;

CREATE TABLE app.short (id bigint, a integer, b integer);
CREATE POLICY gone_with_column ON app.short USING (a > 1);
CREATE POLICY stays ON app.short USING (b > 1);
CREATE POLICY reads_other ON app.short USING (EXISTS (SELECT FROM app.notes n WHERE n.id = short.b));
ALTER TABLE app.short DROP COLUMN a CASCADE;
DROP POLICY IF EXISTS absent ON app.short;
CREATE TABLE app.temporary (id bigint);
CREATE POLICY p ON app.temporary USING (true);
CREATE POLICY reads_temporary ON app.short USING (EXISTS (SELECT FROM app.temporary t WHERE t.id = b));
DROP TABLE app.temporary CASCADE;
CREATE POLICY short_lived ON app.short USING (true);
DROP POLICY short_lived ON app.short;
CREATE TABLE app.like_short (LIKE app.short INCLUDING ALL);
ALTER SCHEMA app RENAME TO shop;
