CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text, born date);
CREATE INDEX users_born ON users (born);
