DO $$ BEGIN
  CREATE TYPE mood AS ENUM ('sad', 'ok');
EXCEPTION WHEN duplicate_object THEN RAISE NOTICE 'there already';
END $$;
DO $$ BEGIN CREATE TYPE mood AS ENUM ('other'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $guard$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE typname = 'size' AND nspname = 'public') THEN
    CREATE TYPE size AS ENUM ('s');
    ALTER TYPE size ADD VALUE 'l';
  END IF;
END $guard$;
CREATE TABLE item (id int PRIMARY KEY, parent int, mood mood);
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'item_parent' AND conrelid = 'item'::regclass) THEN
    ALTER TABLE item ADD CONSTRAINT item_parent FOREIGN KEY (parent) REFERENCES item (id);
  END IF;
  IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'item' AND column_name = 'mood') THEN
    ALTER TABLE item RENAME COLUMN mood TO feeling;
  ELSE
    ALTER TABLE item ADD COLUMN feeling mood;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = 'mood' AND e.enumlabel = 'sad') THEN
    ALTER TABLE item ADD COLUMN sad boolean;
  END IF;
END $$;
DO $$ BEGIN
  IF (SELECT count(*) FROM pg_indexes WHERE tablename = 'item' AND indexname = 'item_feeling') = 0 THEN
    CREATE INDEX item_feeling ON item (feeling);
  END IF;
  IF to_regclass('public.nothing') IS NOT NULL THEN DROP TABLE item; END IF;
  IF to_regclass('public.item_feeling') IS NOT NULL THEN ALTER INDEX item_feeling RENAME TO by_feeling; END IF;
  BEGIN
    ALTER TABLE item ADD COLUMN sad text;
  EXCEPTION WHEN duplicate_column THEN NULL;
  END;
  UPDATE item SET sad = false WHERE sad IS NULL;
END $$;
