// The longest specs first, so that at the end of a run no worker waits for another that has just begun one.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Sequencer } = require('@jest/test-sequencer');

/** In the order of what they take. */
export const longest = [
  'libs/engines/postgresql/src/conformance-18.int.spec.ts',
  'libs/engines/postgresql/src/conformance-13.int.spec.ts',
  'libs/messaging/src/campaign.int.spec.ts',
  'apps/environment-agent/src/execution/planned.int.spec.ts',
  'libs/engines/postgresql/src/cases.int.spec.ts',
  'libs/plan/src/planner.int.spec.ts',
  'apps/environment-agent/src/execution/execute.int.spec.ts',
  'libs/event-store/src/campaign.int.spec.ts',
  'test/scenarios/distributed.e2e.spec.ts',
  'test/api/bad-input.e2e.spec.ts',
];

/** Where a spec stands in that list; after all of them where it does not. */
export const rankOf = (path) => {
  const at = longest.findIndex((name) => path.endsWith(`/${name}`));
  return at === -1 ? longest.length : at;
};

export default class LongestFirst extends Sequencer {
  /** The other specs stay as Jest orders them: by what they took the last time, or by size. */
  async sort(tests) {
    const usual = await super.sort(tests);
    return usual.toSorted((a, b) => rankOf(a.path) - rankOf(b.path));
  }
}
