import { tables } from '@dsem/service-host';
import type { Plan } from '@dsem/plan';
import type { Pool } from 'pg';

export const planTables = tables('plans', [
  `CREATE TABLE plans (hash text PRIMARY KEY, body json NOT NULL, stored_at timestamptz NOT NULL DEFAULT now())`,
]);

/** Keeps a plan under its hash; the same plan again is a no-op. */
export const putPlan = async (pool: Pool, plan: Plan): Promise<void> => {
  const insert = 'INSERT INTO plans (hash, body) VALUES ($1, $2) ON CONFLICT DO NOTHING';
  await pool.query(insert, [plan.hash, JSON.stringify(plan)]);
};

/** A plan by its hash. */
export const getPlan = async (pool: Pool, hash: string): Promise<Plan | undefined> => {
  const { rows } = await pool.query<{ body: Plan }>('SELECT body FROM plans WHERE hash = $1', [hash]);
  return rows[0]?.body;
};
