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

/** The environments that migrations plan this for, as they are planned now. */
export const environmentsOfPlan = async (pool: Pool, hash: string): Promise<readonly string[]> => {
  const select = `SELECT DISTINCT environment FROM migrations, jsonb_array_elements(state -> 'plans') AS planned,
      jsonb_array_elements_text(planned -> 'environments') AS environment
    WHERE state -> 'plans' @> jsonb_build_array(jsonb_build_object('hash', $1::text)) AND planned ->> 'hash' = $1
    ORDER BY environment`;
  const { rows } = await pool.query<{ environment: string }>(select, [hash]);
  return rows.map(({ environment }) => environment);
};
