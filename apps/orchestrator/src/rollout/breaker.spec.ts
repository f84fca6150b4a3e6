import { circuitBreakers, type Breakers } from './breaker.js';

describe('the breakers of the environments', () => {
  let breakers: Breakers;
  const outcomes = async (environment: string, ...failed: boolean[]): Promise<boolean[]> => {
    const opened: boolean[] = [];
    for (const each of failed) opened.push(await breakers.record(environment, each));
    return opened;
  };

  beforeEach(() => {
    breakers = circuitBreakers();
  });
  afterEach(() => breakers.shutdown());

  it('are closed at first', () => {
    expect(breakers.mayStart('eu')).toBe(true);
  });

  it('stay closed while there were too few outcomes to judge by', async () => {
    expect(await outcomes('eu', true, true)).toEqual([false, false]);
    expect(breakers.mayStart('eu')).toBe(true);
  });

  it('stay closed while most succeed', async () => {
    await outcomes('eu', false, false, true, false, true, false);
    expect(breakers.mayStart('eu')).toBe(true);
  });

  it('open by the failure that makes them too many, and say so once', async () => {
    expect(await outcomes('eu', true, true, true, true)).toEqual([false, false, true, false]);
    expect(breakers.mayStart('eu')).toBe(false);
  });

  it('tell what they counted', async () => {
    await outcomes('eu', false, true, true);
    expect(breakers.values('eu')).toEqual({ failures: 2, successes: 1, outcomes: 3 });
  });

  it('do not open each other', async () => {
    await outcomes('eu', true, true, true);
    expect(breakers.mayStart('us')).toBe(true);
  });

  it('let starts through again when a person closes them', async () => {
    await outcomes('eu', true, true, true);
    breakers.close('eu');
    expect(breakers.mayStart('eu')).toBe(true);
  });

  it('are not closed by what succeeds meanwhile', async () => {
    await outcomes('eu', true, true, true, false, false, false);
    expect(breakers.mayStart('eu')).toBe(false);
  });

  it.each([true, false])('are after a restart as their environment says: open %s', (open) => {
    breakers.restore('eu', open);
    expect(breakers.mayStart('eu')).toBe(!open);
  });

  it('take other thresholds', async () => {
    const strict = circuitBreakers({ volumeThreshold: 1, errorThresholdPercentage: 1 });
    expect(await strict.record('eu', true)).toBe(true);
    strict.shutdown();
  });

  it('stay open however long nobody closes them', async () => {
    jest.useFakeTimers();
    try {
      const patient = circuitBreakers({ rollingCountTimeout: 2 ** 30 });
      patient.restore('eu', true);
      await jest.advanceTimersByTimeAsync(3 * 2 ** 31);
      expect(patient.mayStart('eu')).toBe(false);
      patient.shutdown();
    } finally {
      jest.useRealTimers();
    }
  });
});
