import { setTimeout as sleep } from 'node:timers/promises';

/** Every place between two protocol steps where a fault campaign can strike, in the order they are passed. */
export const failpoints = [
  'agent.before-lock',
  'agent.after-lock',
  'agent.after-epoch',
  'agent.after-orphans',
  'agent.after-probe',
  'agent.after-intent',
  'agent.after-execute',
  'agent.after-commit',
  'agent.after-verify',
  'agent.before-revision',
  'agent.after-revision',
] as const;
export type FailpointName = (typeof failpoints)[number];

/** Called at each place; returns at once unless the campaign asked for a fault there. */
export type Failpoint = (name: FailpointName) => Promise<void>;

/** What an unarmed agent passes. */
export const noFailpoint: Failpoint = () => Promise.resolve();

/** Thrown by a failpoint that is set to `throw`. */
export class FailpointReached extends Error {}

const actions = ['kill', 'throw', 'delay', 'stop'] as const;
type Action = (typeof actions)[number];

const delayMs = 1000;

const strike = async (name: FailpointName, action: Action): Promise<void> => {
  switch (action) {
    case 'kill':
    case 'stop':
      process.kill(process.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
      return sleep(delayMs);
    case 'throw':
      throw new FailpointReached(`Failpoint ${name}`);
    case 'delay':
      return sleep(delayMs);
    default:
      return action satisfies never;
  }
};

interface Armed {
  readonly name: FailpointName;
  readonly action: Action;
  readonly pass: number;
}

const read = (text: string): Armed => {
  const [name, action, pass = '1'] = text.split(':');
  const known = failpoints.find((each) => each === name);
  const act = actions.find((each) => each === action);
  if (known !== undefined && act !== undefined && /^[1-9]\d*$/.test(pass)) {
    return { name: known, action: act, pass: Number(pass) };
  }
  throw new TypeError(
    `DSEM_FAILPOINT: got "${text}", want <name>:${actions.join('|')}[:<pass>], names: ${failpoints.join(', ')}`,
  );
};

/**
 * The failpoint for a `DSEM_FAILPOINT` value such as `agent.after-intent:kill` or `agent.after-commit:kill:3` (the third
 * time it is passed); undefined arms nothing. @throws TypeError for an unknown name or action
 */
export const failpointFrom = (value: string | undefined): Failpoint => {
  if (value === undefined || value === '') return noFailpoint;
  const armed = read(value);
  let passed = 0;
  return async (name) => {
    if (name !== armed.name) return;
    passed += 1;
    if (passed === armed.pass) await strike(name, armed.action);
  };
};
