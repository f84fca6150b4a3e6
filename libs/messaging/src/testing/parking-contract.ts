import type { DeadLetter, LetterFilter, ParkedKeyFilter, ParkingLot } from '../bus.js';
import { sampleEnvelope } from '../contract.js';

/** A letter as a bus parks it. */
export const sampleLetter = (n: number, key = 'k-1', consumer = 'c') => ({
  consumer,
  topic: 't',
  key,
  body: JSON.stringify(sampleEnvelope(n, 's')),
  cause: `cause ${n}`,
});
const sequences = async (lot: ParkingLot, consumer?: string): Promise<unknown[]> =>
  (await lot.list({ consumer })).map(({ body }) => (JSON.parse(body) as { sequence: number }).sequence);

interface Lots {
  readonly make: () => ParkingLot;
  /** Opens the lot that was made last once more, as another process does. */
  readonly twin?: () => ParkingLot;
}

const orderLaws = ({ make }: Lots): void => {
  it('keeps letters behind a parked key only, per consumer and in order', async () => {
    const lot = make();
    expect(await lot.parkBehind(sampleLetter(1))).toBe(false);
    await lot.park(sampleLetter(1));
    expect(await lot.parkBehind(sampleLetter(2))).toBe(true);
    expect(await lot.parkBehind(sampleLetter(3, 'k-1', 'other'))).toBe(false);
    await lot.park(sampleLetter(4, 'k-2', 'other'));
    expect(await sequences(lot)).toEqual([1, 2, 4]);
    expect(await sequences(lot, 'c')).toEqual([1, 2]);
    expect([...(await lot.parkedKeys('c'))]).toEqual(['k-1']);
    expect([await lot.isParked('c', 'k-1'), await lot.isParked('other', 'k-1')]).toEqual([true, false]);
  });

  it('keeps what came while a replay ran, and hands it over too', async () => {
    const lot = make();
    await lot.park(sampleLetter(1));
    const seen: number[] = [];
    const replayed = await lot.replay('c', 'k-1', async ({ envelope }) => {
      seen.push(envelope.sequence);
      if (envelope.sequence === 1) expect(await lot.parkBehind(sampleLetter(2))).toBe(true);
    });
    expect([replayed, seen]).toEqual([{ replayed: 2, remaining: 0 }, [1, 2]]);
    expect(await lot.parkBehind(sampleLetter(3))).toBe(false);
  });

  it('keeps bodies that no text column takes, and lets them be given up', async () => {
    const lot = make();
    await lot.park({ ...sampleLetter(1), body: 'nul \u0000 here', cause: 'has \u0000' });
    const [kept] = await lot.list();
    expect(kept?.body).toBe('nul \u0000 here');
    expect(await lot.replay('c', 'k-1', async () => undefined)).toMatchObject({ replayed: 0, remaining: 1 });
    expect(await lot.discard(kept?.id ?? '')).toBe(true);
    expect(await lot.discard(kept?.id ?? '')).toBe(false);
    expect(await lot.isParked('c', 'k-1')).toBe(false);
  });
};

const replayLaws = ({ make }: Lots): void => {
  it('replays in order up to the first failure, and unparks when all succeeded', async () => {
    const lot = make();
    for (const n of [1, 2, 3]) await lot.park(sampleLetter(n));
    const seen: number[] = [];
    const failing = async ({ envelope }: { envelope: { sequence: number } }): Promise<void> => {
      if (envelope.sequence === 2) throw new Error('still no');
      seen.push(envelope.sequence);
    };
    const [, second] = await lot.list();
    const failed = { ...second, cause: 'Error: still no' };
    expect(await lot.replay('c', 'k-1', failing)).toEqual({ replayed: 1, remaining: 2, failed });
    expect(await lot.letter(second?.id ?? '')).toEqual(failed);
    expect(await lot.isParked('c', 'k-1')).toBe(true);
    const healed = await lot.replay('c', 'k-1', async ({ envelope }) => void seen.push(envelope.sequence));
    expect(healed).toEqual({ replayed: 2, remaining: 0 });
    expect(seen).toEqual([1, 2, 3]);
    expect(await lot.isParked('c', 'k-1')).toBe(false);
    expect(await lot.replay('c', 'k-1', failing)).toEqual({ replayed: 0, remaining: 0 });
  });
};

const boundLaws = ({ make, twin }: Lots): void => {
  it('replays at most so many, and leaves to the caller how a handled letter goes', async () => {
    const lot = make();
    for (const n of [1, 2, 3]) await lot.park(sampleLetter(n));
    const settled: string[] = [];
    const settle = async ({ id, cause }: DeadLetter): Promise<void> => {
      settled.push(cause);
      await lot.discard(id);
    };
    const nothing = async (): Promise<void> => undefined;
    expect(await lot.replay('c', 'k-1', nothing, { most: 2, settle })).toEqual({ replayed: 2, remaining: 1 });
    expect(settled).toEqual(['cause 1', 'cause 2']);
    expect(await lot.isParked('c', 'k-1')).toBe(true);
  });

  it('refuses a second replay of a key while the first one runs, not one of another key', async () => {
    const lot = make();
    const other = twin?.() ?? lot;
    await lot.park(sampleLetter(1));
    await lot.park(sampleLetter(2, 'k-2'));
    const seen: unknown[] = [];
    const nothing = async (): Promise<void> => undefined;
    await lot.replay('c', 'k-1', async () => {
      await expect(other.replay('c', 'k-1', nothing)).rejects.toMatchObject({ code: 'DSEM-4009' });
      seen.push(await other.replay('c', 'k-2', nothing));
    });
    expect(seen).toEqual([{ replayed: 1, remaining: 0 }]);
  });
};

const listLaws = ({ make }: Lots): void => {
  it('lists letters by consumer, topic and key, page by page', async () => {
    const lot = make();
    await lot.park(sampleLetter(1));
    await lot.park({ ...sampleLetter(2, 'k-2'), topic: 'u' });
    await lot.park(sampleLetter(3, '', 'other'));
    await lot.park(sampleLetter(4));
    const causes = async (filter: LetterFilter): Promise<string[]> =>
      (await lot.list(filter)).map(({ cause }) => cause.replace('cause ', ''));
    expect(await causes({ consumer: 'c' })).toEqual(['1', '2', '4']);
    expect(await causes({ topic: 'u' })).toEqual(['2']);
    expect(await causes({ key: '' })).toEqual(['3']);
    expect(await causes({ consumer: 'c', key: 'k-1', topic: 't' })).toEqual(['1', '4']);
    const [, second] = await lot.list();
    expect(await causes({ after: Number(second?.id), take: 1 })).toEqual(['3']);
    expect(await lot.letter(second?.id ?? '')).toEqual(second);
    expect(await lot.letter('999')).toBeUndefined();
  });
};

const keyLaws = ({ make }: Lots): void => {
  it('lists parked keys in order with what waits behind each, page by page, and counts them', async () => {
    const lot = make();
    for (const [n, key, consumer] of [
      [1, 'k-2', 'c'],
      [2, 'k-1', 'c'],
      [3, 'k-1', 'c'],
      [4, 'K', 'd'],
      [5, '', 'e'],
    ] as const)
      await lot.park(sampleLetter(n, key, consumer));
    const shown = async (filter?: ParkedKeyFilter): Promise<unknown[]> =>
      (await lot.keys(filter)).map(({ consumer, key, letters }) => [consumer, key, letters]);
    expect(await shown()).toEqual([
      ['c', 'k-1', 2],
      ['c', 'k-2', 1],
      ['d', 'K', 1],
    ]);
    expect(await shown({ consumer: 'c', after: ['c', 'k-1'] })).toEqual([['c', 'k-2', 1]]);
    expect(await shown({ after: ['c', 'k-1'], take: 1 })).toEqual([['c', 'k-2', 1]]);
    expect(Date.parse((await lot.keys())[0]?.since ?? '')).not.toBeNaN();
    expect(await lot.counts()).toEqual([
      { consumer: 'c', letters: 3, keys: 2 },
      { consumer: 'd', letters: 1, keys: 1 },
      { consumer: 'e', letters: 1, keys: 0 },
    ]);
  });
};

/** The suite that every parking lot passes. */
export const parkingContract = (name: string, lots: Lots): void => {
  describe(`${name}, as a parking lot`, () => {
    orderLaws(lots);
    replayLaws(lots);
    boundLaws(lots);
    listLaws(lots);
    keyLaws(lots);
  });
};
