import { memoryEventStore } from '@dsem/event-store';
import { memoryParking, type Handler, type ParkingLot } from '@dsem/messaging';
import { sampleEnvelope } from '@dsem/messaging/testing';
import { DeadLetterController } from './dead-letter.controller.js';

const context = { tenant: 'default', actor: 'key:k1', correlationId: 'c', causationId: 'd', traceparent: 't' };
const principal = { id: 'k1', kind: 'key', tenant: 'default', roles: ['operator'] } as const;
const who = { principal, context, query: undefined };
const nothing: Handler = () => Promise.resolve();

describe('the dead letters of a service', () => {
  const opened = async (handler?: Handler, change: (lot: ParkingLot) => Partial<ParkingLot> = () => ({})) => {
    const memory = memoryParking();
    const lot = { ...memory, ...change(memory) };
    for (const n of [1, 2])
      await lot.park({
        consumer: 'c',
        topic: 't',
        key: 'k',
        body: JSON.stringify(sampleEnvelope(n)),
        cause: `no ${n}`,
      });
    const store = memoryEventStore();
    let starting = true;
    const handlers = new Map(handler === undefined ? [] : [['c', handler]]);
    const letters = { service: 'registry', lot, store, handlers, isStarting: () => starting };
    const controller = new DeadLetterController([letters]);
    const replay = () =>
      controller.replay({ ...who, params: { service: 'registry' }, body: { consumer: 'c', key: 'k', limit: 100 } });
    const discard = (id: string) =>
      controller.discard({ ...who, params: { service: 'registry', id }, body: { reason: 'garbage' } });
    const told = async () => (await store.readAll(0n, 100)).map(({ stream, type }) => `${stream} ${type}`);
    return { lot, replay, discard, told, started: () => (starting = false) };
  };

  it('are not replayed while their consumer may be only starting, nor when it is no more', async () => {
    const { replay, started } = await opened();
    await expect(replay()).rejects.toMatchObject({ code: 'DSEM-9002' });
    started();
    await expect(replay()).rejects.toMatchObject({ code: 'DSEM-4003' });
  });

  it('go by an event each, up to the first that fails', async () => {
    const { replay, told } = await opened(async ({ envelope }) => {
      if (envelope.sequence === 2) throw new Error('postgres://a:hunter2@h');
    });
    const cause = 'Error: postgres://a:***@h';
    expect(await replay()).toMatchObject({ replayed: 1, remaining: 1, failed: { id: '2', cause } });
    expect(await told()).toEqual(['letter-registry-1 DeadLetterReplayed', 'letter-registry-2 DeadLetterReplayFailed']);
  });

  it('may be given up while they are handled, and end once', async () => {
    const { lot, replay, discard, told } = await opened(async ({ envelope }) => {
      if (envelope.sequence === 1) await discard('1');
    });
    expect(await replay()).toEqual({ replayed: 2, remaining: 0 });
    expect(await lot.list()).toEqual([]);
    expect(await told()).toEqual(['letter-registry-1 DeadLetterDiscarded', 'letter-registry-2 DeadLetterReplayed']);
  });

  it('do not end without a trace: what cannot be taken away is not told either', async () => {
    const { discard, told } = await opened(nothing, () => ({ discard: () => Promise.resolve(false) }));
    await expect(discard('1')).rejects.toMatchObject({ code: 'DSEM-4001' });
    expect(await told()).toEqual([]);
  });
});
