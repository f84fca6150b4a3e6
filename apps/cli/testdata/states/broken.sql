CREATE TABLE t (
  a int,
  b intt
  c text);
