SET lock_timeout = '3s';

CREATE INDEX orders_total ON orders (total);

-- dsem: nolint drop-column nobody reads it since the mailer 2.2
ALTER TABLE users DROP COLUMN nick;

ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;
