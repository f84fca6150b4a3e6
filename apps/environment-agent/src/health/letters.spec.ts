import { agentHeartbeat } from '@dsem/events';
import { memoryParking } from '@dsem/messaging';
import { consumerOf, waitingLetters } from './letters.js';

const config = { agent: 'eu-1', environments: [] };

describe('the dead letters that an agent tells', () => {
  const parkedBy = async (...consumers: readonly string[]) => {
    const letters = memoryParking();
    for (const [at, consumer] of consumers.entries())
      await letters.park({ consumer, topic: 't', key: `k${at}`, body: '{"password":"hunter2"}', cause: `no ${at}` });
    return letters;
  };
  const own = consumerOf(config.agent);

  it('are none where nothing waits', async () => {
    expect(await waitingLetters({ config, letters: await parkedBy() })).toEqual({ total: 0, oldest: [] });
  });

  it('are its own, without their bodies', async () => {
    const letters = await parkedBy('agent-eu-10', own, own);
    const told = await waitingLetters({ config, letters });
    expect(told).toMatchObject({ total: 2, oldest: [{ id: '2', topic: 't', key: 'k1', cause: 'no 1' }, { id: '3' }] });
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  it('are the twenty oldest of many, all counted', async () => {
    const told = await waitingLetters({ config, letters: await parkedBy(...Array<string>(25).fill(own)) });
    expect([told.total, told.oldest.length, told.oldest[19]?.key]).toEqual([25, 20, 'k19']);
  });

  it('hold no secret, no long cause and no half character, so that every heartbeat is an event', async () => {
    const letters = memoryParking();
    const cause = `postgres://a:hunter2@h ${'x'.repeat(476)}\ud83d\udca5${'y'.repeat(5000)}`;
    await letters.park({ consumer: own, topic: 't', key: 'k', body: '', cause });
    const deadLetters = await waitingLetters({ config, letters });
    const told = deadLetters.oldest[0]?.cause ?? '';
    expect(told).toMatch(/^postgres:\/\/a:\*\*\*@h x/);
    expect([told.length, told.isWellFormed()]).toEqual([500, true]);
    expect(agentHeartbeat.shape.safeParse({ ...config, deadLetters }).success).toBe(true);
  });
});
