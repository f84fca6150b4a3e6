import { describeWithServer, server, surviving } from '@dsem/testkit';
import pg from 'pg';
import { eventStoreContract } from './contract.js';
import { memoryEventStore } from './memory.js';
import { migrateEventStore } from './migrations.js';
import { postgresOutbox } from './postgres-outbox.js';
import { postgresEventStore } from './postgres.js';

eventStoreContract('memory', async ({ upcasters }) => {
  const store = memoryEventStore({ upcasters });
  return { store, outbox: store.outbox };
});

describe.each([18, 13])('PostgreSQL %i', (major) => {
  describeWithServer(
    'postgresql',
    'with a pool',
    () => {
      let pool: pg.Pool;
      let drop: () => Promise<void>;
      let schemas = 0;
      beforeAll(async () => {
        const database = await (await server('postgresql', { major })).createDatabase();
        pool = surviving(new pg.Pool({ connectionString: database.url, max: 10 }));
        drop = database.drop;
      });
      afterAll(async () => {
        await pool.end();
        await drop();
      });
      eventStoreContract('its store', async ({ upcasters }) => {
        const schema = `Service ${schemas++}`;
        await migrateEventStore(pool, { schema });
        const options = { pool, schema, upcasters };
        return { store: postgresEventStore(options), outbox: postgresOutbox(options) };
      });
    },
    major,
  );
});
