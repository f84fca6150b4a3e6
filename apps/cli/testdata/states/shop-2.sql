CREATE TYPE mood AS ENUM ('sad','ok');
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email varchar(200) NOT NULL DEFAULT '');
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id), total numeric(10,2));
CREATE INDEX orders_user ON orders (user_id);
