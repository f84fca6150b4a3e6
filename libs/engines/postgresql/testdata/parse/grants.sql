CREATE SCHEMA app;
CREATE SCHEMA "Other";
CREATE TYPE app.mood AS ENUM ('ok');
CREATE TABLE app.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric, note text, gone text);
CREATE TABLE app.items (id bigserial PRIMARY KEY, order_id bigint);
CREATE TABLE "Other"."Odd.Name" ("a.b" integer, "select" integer);
CREATE VIEW app.totals AS SELECT id, total FROM app.orders;
CREATE SEQUENCE app.free;

GRANT ALL ON SCHEMA app, "Other" TO dsem_parse_writer;
GRANT USAGE ON SCHEMA app TO dsem_parse_reader, PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO dsem_parse_reader;
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA app, "Other" TO dsem_parse_writer WITH GRANT OPTION;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA app TO dsem_parse_writer;
GRANT UPDATE (total, note), SELECT (gone) ON app.orders TO dsem_parse_reader;
GRANT SELECT ("a.b"), INSERT ("select") ON "Other"."Odd.Name" TO "dsem parse ""owner""";
GRANT SELECT ON app.free TO dsem_parse_reader;
GRANT SELECT (total) ON app.totals TO "dsem parse ""owner""";
REVOKE ALL ON TYPE app.mood FROM PUBLIC;
GRANT USAGE ON TYPE app.mood TO dsem_parse_reader WITH GRANT OPTION;

REVOKE GRANT OPTION FOR ALL ON app.items FROM dsem_parse_writer;
REVOKE SELECT ON app.items FROM dsem_parse_reader;
REVOKE UPDATE ON app.orders FROM dsem_parse_reader;
GRANT UPDATE (note) ON app.orders TO dsem_parse_reader;
REVOKE USAGE ON SCHEMA app FROM PUBLIC;
REVOKE SELECT ON SEQUENCE app.items_id_seq FROM dsem_parse_writer;

ALTER TABLE app.orders RENAME COLUMN note TO remark;
ALTER TABLE app.orders DROP COLUMN gone;
ALTER TABLE app.orders RENAME TO sales;
ALTER TABLE app.items SET SCHEMA "Other";
ALTER VIEW app.totals RENAME COLUMN total TO amount;
ALTER VIEW app.totals RENAME TO sums;
ALTER SEQUENCE app.free RENAME TO freed;
ALTER TYPE app.mood RENAME TO temper;
ALTER SCHEMA app RENAME TO shop;

CREATE TABLE shop.short (id bigint);
GRANT SELECT ON shop.short TO dsem_parse_reader;
DROP TABLE shop.short;
CREATE TABLE shop.short (id bigint);
CREATE VIEW shop.brief AS SELECT id FROM shop.short;
GRANT SELECT ON shop.brief TO dsem_parse_reader;
CREATE OR REPLACE VIEW shop.brief AS SELECT id, id AS again FROM shop.short;
