CREATE TABLE users (id bigint PRIMARY KEY, name varchar(80) NOT NULL, nick text, born date);
CREATE INDEX users_nick ON users (nick);
