import { driverFor } from '@dsem/catalogue/drivers';
import { surviving } from '@dsem/event-store';
import { digest } from '@dsem/schema';
import pg from 'pg';

const withClient = async <Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> => {
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** Makes the databases of the environments. */
export const createDatabases = (url: string, names: readonly string[]): Promise<void> =>
  withClient(url, async (client) => {
    for (const name of names) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });

/** Fills a shop with customers and orders; answers how many rows it holds. */
export const fillShop = (url: string, orders: number): Promise<number> =>
  withClient(url, async (client) => {
    const customers = Math.ceil(orders / 10);
    await client.query(
      `INSERT INTO public.customers (email, name)
       SELECT 'customer' || n || '@example.com', 'Customer ' || n FROM generate_series(1, $1::int) n`,
      [customers],
    );
    await client.query(
      `INSERT INTO public.orders (customer_id, status, total)
       SELECT 1 + n % $2::int, (ARRAY['new', 'paid', 'shipped']::public.order_status[])[1 + n % 3], (n % 5000) / 10.0
       FROM generate_series(1, $1::int) n`,
      [orders - customers, customers],
    );
    await client.query('ANALYZE');
    return orders;
  });

/** How many customers and orders a shop holds. */
export const countRows = (url: string): Promise<number> =>
  withClient(url, async (client) => {
    const count = 'SELECT (SELECT count(*) FROM public.customers) + (SELECT count(*) FROM public.orders) AS n';
    const { rows } = await client.query<{ n: string }>(count);
    return Number(rows[0]?.n ?? 0);
  });

/** The digest of what the database really holds, read anew from its catalogue. */
export const liveDigest = async (url: string): Promise<string> => {
  const session = await (await driverFor('postgresql')).connect(url, { applicationName: 'dsem:demo' });
  try {
    return digest(await session.inspect());
  } finally {
    await session.close();
  }
};
