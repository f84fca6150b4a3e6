import { randomUUID } from 'node:crypto';
import { VersionConflict, type EventStore, type NewEvent, type StoredEvent, type Upcaster } from './event-store.js';
import type { Outbox } from './outbox.js';

/** A store under test, with its outbox and the way to remove it. */
export interface StoreUnderTest {
  readonly store: EventStore;
  readonly outbox: Outbox;
  readonly remove?: () => Promise<void>;
}

/** An event of the suite; `n` tells it apart. */
export const sampleEvent = (n: number, type = 'Counted'): NewEvent => ({
  id: randomUUID(),
  type,
  version: 1,
  data: { n, text: 'ä "quoted" \u0000 \ud83d\ude80', nothing: null },
  metadata: { tenant: 'default', actor: 'person:ada', correlationId: 'c-1', causationId: 'c-0' },
});

const samples = (...ns: number[]): NewEvent[] => ns.map((n) => sampleEvent(n));
const numbers = (events: readonly StoredEvent[]): number[] => events.map((event) => (event.data as { n: number }).n);

const older: Upcaster[] = [
  { type: 'Grown', from: 1, upcast: (data) => ({ ...(data as object), size: 'small' }) },
  { type: 'Grown', from: 2, upcast: (data) => ({ ...(data as object), colour: 'green' }) },
];

const appendLaws = (make: () => StoreUnderTest): void => {
  it('keeps what was appended, whole and in order', async () => {
    const { store } = make();
    const events = samples(1, 2, 3);
    const result = await store.append('s-1', 0, events);
    expect(result).toMatchObject({ streamVersion: 3, appended: true });
    const read = await store.readStream('s-1');
    expect(read).toEqual(result.events);
    expect(read.map(({ id, data, metadata }) => ({ id, data, metadata }))).toEqual(
      events.map(({ id, data, metadata }) => ({ id, data, metadata })),
    );
    expect(read.map((event) => event.streamVersion)).toEqual([1, 2, 3]);
    expect(Date.parse(read[0]?.time ?? '')).not.toBeNaN();
  });

  it('refuses another expected version than the actual one, and says which it is', async () => {
    const { store } = make();
    await store.append('s-1', 0, samples(1, 2));
    for (const expected of [0, 1, 3]) {
      const refused = store.append('s-1', expected, samples(9));
      await expect(refused).rejects.toThrow(VersionConflict);
      await expect(refused).rejects.toMatchObject({ stream: 's-1', expected, actual: 2 });
    }
    expect(numbers(await store.readStream('s-1'))).toEqual([1, 2]);
  });

  it('takes the same events again as a success, also when others came after', async () => {
    const { store } = make();
    const events = samples(1, 2);
    const first = await store.append('s-1', 0, events);
    await store.append('s-1', 2, samples(3));
    const again = await store.append('s-1', 0, events);
    expect(again).toEqual({ ...first, appended: false });
    expect(numbers(await store.readAll(0n, 100))).toEqual([1, 2, 3]);
  });

  it('does not take half of the same events for the same, nor an id used elsewhere', async () => {
    const { store } = make();
    const [one, two] = samples(1, 2);
    if (!one || !two) throw new Error('two samples are needed');
    await store.append('s-1', 0, [one]);
    await expect(store.append('s-1', 0, [one, two])).rejects.toThrow(VersionConflict);
    await expect(store.append('s-2', 0, [one])).rejects.toMatchObject({ code: 'DSEM-4002' });
    expect(await store.readStream('s-2')).toEqual([]);
  });

  it('appends nothing when given nothing, but still compares the version', async () => {
    const { store } = make();
    await expect(store.append('s-1', 0, [])).resolves.toMatchObject({ streamVersion: 0, events: [], appended: false });
    await expect(store.append('s-1', 1, [])).rejects.toThrow(VersionConflict);
  });

  it('refuses an event that no bus would carry', async () => {
    const { store } = make();
    const large = { ...sampleEvent(1), data: 'x'.repeat(900_001) };
    await expect(async () => store.append('s-1', 0, [large])).rejects.toMatchObject({ code: 'DSEM-1004' });
    expect(await store.readStream('s-1')).toEqual([]);
  });

  it('lets exactly one of many racing appends win', async () => {
    const { store } = make();
    const tries = await Promise.allSettled(
      samples(1, 2, 3, 4, 5, 6, 7, 8).map((event) => store.append('s-1', 0, [event])),
    );
    expect(tries.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
    expect(await store.readStream('s-1')).toHaveLength(1);
  });
};

const readLaws = (make: () => StoreUnderTest): void => {
  it('numbers all events without a gap in the order of their appends', async () => {
    const { store } = make();
    await store.append('s-1', 0, samples(1, 2));
    await store.append('s-2', 0, samples(3));
    await expect(store.append('s-2', 0, samples(9))).rejects.toThrow(VersionConflict);
    await store.append('s-1', 2, samples(4));
    const all = await store.readAll(0n, 100);
    expect(all.map((event) => event.position)).toEqual([1n, 2n, 3n, 4n]);
    expect(numbers(all)).toEqual([1, 2, 3, 4]);
    expect(numbers(await store.readAll(1n, 2))).toEqual([2, 3]);
    expect(await store.readAll(4n, 10)).toEqual([]);
  });

  it('reads a stream after a version', async () => {
    const { store } = make();
    await store.append('s-1', 0, samples(1, 2, 3));
    expect(numbers(await store.readStream('s-1', 2))).toEqual([3]);
    expect(await store.readStream('unknown')).toEqual([]);
  });

  it('gives old events in their current version', async () => {
    const { store } = make();
    await store.append('s-1', 0, [sampleEvent(1, 'Grown'), { ...sampleEvent(2, 'Grown'), version: 2 }]);
    const read = await store.readStream('s-1');
    expect(read.map((event) => event.version)).toEqual([3, 3]);
    expect(read[0]?.data).toMatchObject({ size: 'small', colour: 'green' });
    expect(read[1]?.data).not.toHaveProperty('size');
    expect((await store.readAll(0n, 1))[0]).toEqual(read[0]);
  });
};

const transactionLaws = (make: () => StoreUnderTest): void => {
  it('commits what `also` does together with the events, or neither', async () => {
    const { store } = make();
    const failing = store.append('s-1', 0, samples(1), { also: () => Promise.reject(new Error('no')) });
    await expect(failing).rejects.toThrow('no');
    expect(await store.readAll(0n, 10)).toEqual([]);
    const seen: bigint[] = [];
    const also = async (_: unknown, events: readonly StoredEvent[]) => void seen.push(...events.map((e) => e.position));
    const events = samples(2);
    await store.append('s-1', 0, events, { also });
    await store.append('s-1', 0, events, { also });
    expect(seen).toEqual([1n]);
  });

  it('hands events to one leader of the outbox, in order, until they are acknowledged', async () => {
    const { store, outbox } = make();
    await store.append('s-1', 0, samples(1, 2, 3));
    const leader = await outbox.lead();
    expect(await outbox.lead()).toBeUndefined();
    expect(numbers((await leader?.pending(2)) ?? [])).toEqual([1, 2]);
    await leader?.acknowledge(2n);
    await store.append('s-2', 0, samples(4));
    expect(numbers((await leader?.pending(10)) ?? [])).toEqual([3, 4]);
    expect(await outbox.backlog()).toBe(2);
    await leader?.release();
    const next = await outbox.lead();
    expect(numbers((await next?.pending(10)) ?? [])).toEqual([3, 4]);
    await next?.release();
  });
};

/** What every event store promises; run on each. */
export const eventStoreContract = (
  name: string,
  make: (options: { readonly upcasters: readonly Upcaster[] }) => Promise<StoreUnderTest>,
): void => {
  describe(`${name}, as an event store`, () => {
    let current: StoreUnderTest | undefined;
    const tested = (): StoreUnderTest => {
      if (!current) throw new Error('the store is made before each test');
      return current;
    };
    beforeEach(async () => {
      current = await make({ upcasters: older });
    });
    afterEach(async () => {
      await current?.store.close();
      await current?.remove?.();
    });
    appendLaws(tested);
    readLaws(tested);
    transactionLaws(tested);
  });
};
