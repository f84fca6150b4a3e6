import { randomUUID } from 'node:crypto';
import type { Decider } from './decider.js';
import { VersionConflict, type EventStore } from './event-store.js';
import { handleCommand, handledBefore, loadState } from './handle.js';
import { memoryEventStore } from './memory.js';
import { memorySnapshots } from './snapshot.js';
import { given } from './spec.js';

type Added = { readonly type: 'Added'; readonly version: 1; readonly data: { readonly amount: number } };
const added = (amount: number): Added => ({ type: 'Added', version: 1, data: { amount } });
const tooMuch = (): Error => Object.assign(new Error('more than 10'), { code: 'TOO-MUCH' });

/** Adds up to 10; refuses more; adding nothing is nothing. */
const counter: Decider<number, number, Added> = {
  initialState: 0,
  decide: (amount, state) => {
    if (state + amount > 10) throw tooMuch();
    return amount === 0 ? [] : [added(amount)];
  },
  evolve: (state, event) => state + event.data.amount,
};
const metadata = { tenant: 'default', actor: 'person:ada', correlationId: 'c-1', causationId: 'c-0' };

/** A store in which somebody else appends just before the next `times` appends of ours. */
const contested = (store: EventStore, times: number): EventStore => ({
  ...store,
  append: async (stream, expected, events, options) => {
    if (times-- > 0) await store.append(stream, expected, [{ ...added(1), id: randomUUID(), metadata }]);
    return store.append(stream, expected, events, options);
  },
});

describe('given, when, then', () => {
  it('tells what a decider decides, refuses and ignores', () => {
    given(counter, [added(4)])
      .when(3)
      .then([added(3)]);
    given(counter, [added(4)])
      .when(7)
      .thenThrows('TOO-MUCH');
    given(counter, [added(4)])
      .when(0)
      .thenNothing();
    expect(given(counter, [added(4), added(5)]).state).toBe(9);
  });

  it('fails when the decider does otherwise', () => {
    expect(() =>
      given(counter, [])
        .when(1)
        .then([added(2)]),
    ).toThrow();
    expect(() => given(counter, []).when(1).thenThrows('TOO-MUCH')).toThrow();
    expect(() => given(counter, []).when(1).thenNothing()).toThrow();
  });
});

describe('handleCommand', () => {
  it('decides on the folded state and appends the result with its metadata', async () => {
    const store = memoryEventStore();
    await handleCommand(store, counter, 'counter-1', 4, { metadata });
    const handled = await handleCommand(store, counter, 'counter-1', 5, { metadata, ids: (i) => `cmd-7:${i}` });
    expect(handled).toMatchObject({ state: 9, version: 2, events: [{ id: 'cmd-7:0', metadata, streamVersion: 2 }] });
    await expect(handleCommand(store, counter, 'counter-1', 5, { metadata })).rejects.toMatchObject({
      code: 'TOO-MUCH',
    });
    expect(await handleCommand(store, counter, 'counter-1', 0, { metadata })).toEqual({
      state: 9,
      events: [],
      version: 2,
    });
  });

  describe('of a command that may come again', () => {
    const once = { ...metadata, causationId: 'request-1', once: true } as const;

    it('does once what it does, and tells each time what that led to', async () => {
      const store = memoryEventStore();
      const first = await handleCommand(store, counter, 'counter-1', 4, { metadata: once });
      await handleCommand(store, counter, 'counter-1', 6, { metadata });
      const again = await handleCommand(store, counter, 'counter-1', 4, { metadata: once });
      expect(again).toEqual({ ...first, repeated: true });
      expect(again).toMatchObject({ state: 4, version: 1, events: [{ data: { amount: 4 } }] });
      expect(await store.readStream('counter-1')).toHaveLength(2);
    });

    it('keeps streams, steps and requests apart', async () => {
      const store = memoryEventStore();
      const other = { ...once, causationId: 'request-2' };
      for (const [stream, options] of [
        ['counter-1', { metadata: once }],
        ['counter-2', { metadata: once }],
        ['counter-1', { metadata: once, step: 'second' }],
        ['counter-1', { metadata: other }],
      ] as const)
        expect((await handleCommand(store, counter, stream, 2, options)).repeated).toBeUndefined();
      expect((await loadState(store, counter, 'counter-1')).state).toBe(6);
    });

    it('tells several events as the one command that they are, by ids of their own', async () => {
      const pairs = { ...counter, decide: (amount: number) => [added(amount), added(amount)] };
      const store = memoryEventStore();
      await handleCommand(store, pairs, 'counter-1', 1, { metadata });
      const first = await handleCommand(store, pairs, 'counter-1', 2, { metadata: once });
      await handleCommand(store, pairs, 'counter-1', 3, { metadata });
      const again = await handleCommand(store, pairs, 'counter-1', 2, { metadata: once });
      expect(again).toEqual({ ...first, repeated: true });
      expect([again.state, again.version, new Set(again.events.map(({ id }) => id)).size]).toEqual([6, 4, 2]);
    });

    it('may do something the next time where it did nothing', async () => {
      const store = memoryEventStore();
      await handleCommand(store, counter, 'counter-1', 0, { metadata: once });
      expect(await handleCommand(store, counter, 'counter-1', 3, { metadata: once })).toMatchObject({ state: 3 });
    });

    it('does it once also when both tries run at the same time', async () => {
      const store = memoryEventStore();
      const slow = contested(store, 1);
      const both = await Promise.all(
        [slow, store].map((each) => handleCommand(each, counter, 'counter-1', 4, { metadata: once })),
      );
      expect(both.map(({ events }) => events[0]?.id)).toEqual([both[0]?.events[0]?.id, both[0]?.events[0]?.id]);
      expect((await loadState(store, counter, 'counter-1')).state).toBe(5);
    });

    it('keeps the events free of it, and knows a stream that it has been to', async () => {
      const store = memoryEventStore();
      expect(await handledBefore(store, 'counter-1', once)).toBe(false);
      await handleCommand(store, counter, 'counter-1', 4, { metadata: once });
      expect((await store.readStream('counter-1'))[0]?.metadata).toEqual({ ...metadata, causationId: 'request-1' });
      expect(await handledBefore(store, 'counter-1', once)).toBe(true);
      expect(await handledBefore(store, 'counter-1', { ...metadata, causationId: 'request-1' })).toBe(false);
    });
  });

  it('decides again on the new state when somebody else was faster', async () => {
    const store = memoryEventStore();
    const handled = await handleCommand(contested(store, 2), counter, 'counter-1', 5, { metadata });
    expect(handled).toMatchObject({ state: 7, version: 3 });
    const refused = handleCommand(contested(store, 1), counter, 'counter-1', 3, { metadata });
    await expect(refused).rejects.toMatchObject({ code: 'TOO-MUCH' });
  });

  it('gives up after the allowed retries', async () => {
    const store = contested(memoryEventStore(), 9);
    await expect(handleCommand(store, counter, 'counter-1', 1, { metadata, retries: 2 })).rejects.toThrow(
      VersionConflict,
    );
    expect(await store.readStream('counter-1')).toHaveLength(3);
  });

  it('refuses a stale expected version, and does not decide again for it', async () => {
    const store = memoryEventStore();
    const stale = handleCommand(store, counter, 'counter-1', 1, { metadata, expectedVersion: 3 });
    await expect(stale).rejects.toMatchObject({ expected: 3, actual: 0 });
    const raced = handleCommand(contested(store, 1), counter, 'counter-1', 1, { metadata, expectedVersion: 0 });
    await expect(raced).rejects.toThrow(VersionConflict);
    expect(await store.readStream('counter-1')).toHaveLength(1);
  });

  it('folds from a snapshot of the same reducer only', async () => {
    const store = memoryEventStore();
    const cache = memorySnapshots();
    const snapshots = { cache, reducer: 'counter@1', every: 2 };
    for (const amount of [1, 2, 3]) await handleCommand(store, counter, 'counter-1', amount, { metadata, snapshots });
    expect(await cache.load('counter-1', 'counter@1')).toEqual({ streamVersion: 2, state: 3 });
    const reads: unknown[] = [];
    const watched: EventStore = { ...store, readStream: (...args) => (reads.push(args), store.readStream(...args)) };
    expect(await loadState(watched, counter, 'counter-1', snapshots)).toEqual({ state: 6, version: 3 });
    expect(reads).toEqual([['counter-1', 2]]);
    expect(await loadState(store, counter, 'counter-1', { ...snapshots, reducer: 'counter@2' })).toEqual({
      state: 6,
      version: 3,
    });
  });
});
