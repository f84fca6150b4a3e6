import { FailpointReached, failpointFrom, failpoints } from './failpoint.js';

describe('a failpoint', () => {
  it('strikes at its place and pass only', async () => {
    const failpoint = failpointFrom('agent.after-intent:throw:2');
    await failpoint('agent.after-probe');
    await failpoint('agent.after-intent');
    await expect(failpoint('agent.after-intent')).rejects.toThrow(FailpointReached);
    await failpoint('agent.after-intent');
  });

  it.each([undefined, ''])('does nothing when %p is set', async (value) => {
    const failpoint = failpointFrom(value);
    for (const name of failpoints) await failpoint(name);
  });

  it.each(['agent.nowhere:kill', 'agent.after-intent:explode', 'agent.after-intent', 'agent.after-intent:kill:0'])(
    'refuses %p with what it wants',
    (value) => {
      expect(() => failpointFrom(value)).toThrow(/want <name>:kill\|throw\|delay\|stop/);
    },
  );
});
