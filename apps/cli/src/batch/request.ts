import { resolutionsShape } from '@dsem/schema';
import { z } from 'zod';

const engine = z.string().max(100).optional();
const state = z.union([z.string(), z.record(z.string(), z.unknown())]).describe('DDL text, or a canonical definition');
const id = z.union([z.string(), z.number(), z.null()]).optional();
const about = { id, engine };
const managed = {
  privileges: z.boolean().optional().describe('false: privileges are managed elsewhere'),
  owners: z.boolean().optional().describe('false: owners are managed elsewhere'),
};
const pair = { ...about, from: state, to: state };

/** One line of `dsem batch`. */
export const requestShape = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('inspect'), ...about, state, ...managed }),
  z.strictObject({ verb: z.literal('diff'), ...pair, ...managed, engineVersion: z.string().max(100).optional() }),
  z.strictObject({
    verb: z.literal('plan'),
    ...pair,
    ...managed,
    engineVersion: z.string().max(100).optional(),
    offlineStyle: z.boolean().optional(),
    online: z.boolean().optional(),
  }),
  z.strictObject({
    verb: z.literal('check'),
    ...about,
    ...managed,
    mode: z.string().max(100).default('backward'),
    from: z.union([state, z.array(state).max(1000)]),
    to: state,
    engineVersion: z.string().max(100).optional(),
  }),
  z.strictObject({
    verb: z.literal('merge'),
    ...about,
    base: state,
    ours: state,
    theirs: state,
    take: z.enum(['ours', 'theirs']).optional().describe('Decides every conflict that is left'),
    resolutions: resolutionsShape.optional(),
    engineVersion: z.string().max(100).optional(),
  }),
  z.strictObject({
    verb: z.literal('lint'),
    ...about,
    sql: z.string(),
    file: z.string().max(4096).optional().describe('What locations name'),
    state: state.optional().describe('The state the script runs against'),
    engineVersion: z.string().max(100).optional(),
    inTransaction: z.boolean().optional(),
    rules: z.record(z.string().max(200), z.enum(['off', 'info', 'warning', 'error'])).optional(),
  }),
]);
export type BatchRequest = z.output<typeof requestShape>;
