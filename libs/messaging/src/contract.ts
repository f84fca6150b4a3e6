import { randomUUID } from 'node:crypto';
import type { Envelope } from '@dsem/events';
import type { Bus, Delivery, OutgoingMessage, ParkingLot, SubscribeOptions, Subscription } from './bus.js';
import { maxDepth, maxPublishedBytes } from './codec.js';
import type { RawMessage } from './retry.js';

/** A bus under test. */
export interface BusUnderTest {
  readonly bus: Bus;
  /** A second client of the same bus, as another process would be; the same one where there can be only one. */
  readonly second: Bus;
  readonly parking: ParkingLot;
  /** Puts a message in that no honest publisher would send. */
  readonly inject: (message: RawMessage) => Promise<void>;
  /** A name for topics and groups that no other test uses. */
  readonly prefix: string;
  readonly remove?: () => Promise<void>;
}

/** An envelope of the suite; `n` tells it apart. */
export const sampleEnvelope = (n: number, subject = 's-1'): Envelope => ({
  specversion: '1.0',
  id: randomUUID(),
  source: 'suite',
  type: 'dsem.Counted.v1',
  subject,
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: n,
  tenant: 'default',
  actor: 'service:suite',
  correlationid: 'c-1',
  causationid: 'c-0',
  data: { n },
});

/** Waits until something holds; the deadline only ends a failing test. */
export const eventually = async (holds: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> => {
  for (const end = Date.now() + timeoutMs; ;) {
    if (await holds()) return;
    if (Date.now() > end) throw new Error(`did not become true: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const number = (delivery: Delivery): number => delivery.envelope.sequence;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** What one test works with: short names on top of the bus under test. */
class Bench {
  readonly topic: string;
  private readonly subscriptions: Subscription[] = [];

  constructor(readonly tested: BusUnderTest) {
    this.topic = `${tested.prefix}counted`;
  }

  message(n: number, key = 's-1', topic = this.topic): OutgoingMessage {
    return { topic, key, envelope: sampleEnvelope(n, key === '' ? 's-1' : key) };
  }

  publish(numbers: readonly number[], key = 's-1', topic = this.topic): Promise<void> {
    return this.tested.bus.publish(numbers.map((n) => this.message(n, key, topic)));
  }

  async subscribe(
    handler: SubscribeOptions['handler'],
    {
      bus = this.tested.bus,
      group = 'group',
      topics = [this.topic],
      ...more
    }: Partial<SubscribeOptions> & { bus?: Bus; group?: string } = {},
  ): Promise<Subscription> {
    const consumer = `${this.tested.prefix}${group}`;
    const subscription = await bus.subscribe({ consumer, topics, handler, ...more });
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** Subscribes and notes what comes. */
  async collect(more: Parameters<Bench['subscribe']>[1] = {}): Promise<Delivery[] & { stop: () => Promise<void> }> {
    const seen: Delivery[] = [];
    const { stop } = await this.subscribe(async (delivery) => void seen.push(delivery), more);
    return Object.assign(seen, { stop });
  }

  async end(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.stop()));
  }
}

type Get = () => Bench;

const deliveryLaws = (bench: Get): void => {
  it('delivers what was published, whole and in order per key', async () => {
    const { subscribe, publish } = bound(bench());
    const seen: Delivery[] = [];
    await subscribe(async (delivery) => void seen.push(delivery));
    await Promise.all([publish(upTo(20), 'a'), publish(upTo(20), 'b')]);
    await publish([21], 'a');
    await eventually(() => seen.length === 41);
    const of = (key: string) => seen.filter((delivery) => delivery.key === key).map(number);
    expect(of('a')).toEqual(upTo(21));
    expect(of('b')).toEqual(upTo(20));
    expect(seen[0]).toMatchObject({
      topic: bench().topic,
      attempt: 1,
      envelope: { specversion: '1.0', data: { n: 1 } },
    });
  });

  it('shows every message to every group, also to one that comes later, and only of its topics', async () => {
    const b = bench();
    const other = `${b.tested.prefix}other`;
    const one = await b.collect({ group: 'one' });
    await b.publish([1, 2]);
    await b.publish([3], 's-1', other);
    const two = await b.collect({ group: 'two' });
    const both = await b.collect({ group: 'both', topics: [b.topic, other] });
    await eventually(() => one.length === 2 && two.length === 2 && both.length === 3);
    expect([one.map(number), two.map(number)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(both.map(number).sort()).toEqual([1, 2, 3]);
  });

  it('carries large messages, many at once and each up to the limit', async () => {
    const b = bench();
    const seen = await b.collect();
    const sized = (n: number, size: number) => ({
      ...b.message(n),
      envelope: { ...sampleEnvelope(n), data: 'x'.repeat(size) },
    });
    const spare = maxPublishedBytes - JSON.stringify({ ...sampleEnvelope(1), data: '' }).length;
    await b.tested.bus.publish([...upTo(60).map((n) => sized(n, 40_000)), sized(61, spare - 1)]);
    await eventually(() => seen.length === 61);
    expect(seen.map(number)).toEqual(upTo(61));
  });

  it('goes on where a stopped consumer had finished', async () => {
    const b = bench();
    const first = await b.collect();
    await b.publish(upTo(5));
    await eventually(() => first.length === 5);
    await first.stop();
    await b.publish([6, 7]);
    const second = await b.collect();
    await eventually(() => second.length === 2);
    expect(second.map(number)).toEqual([6, 7]);
    expect(first).toHaveLength(5);
  });

  it('finishes the delivery in hand before it stops', async () => {
    const b = bench();
    const marks: string[] = [];
    const gate = Promise.withResolvers<void>();
    const { stop } = await b.subscribe(async () => {
      marks.push('begun');
      await gate.promise;
      marks.push('done');
    });
    await b.publish([1]);
    await eventually(() => marks.length === 1);
    const stopped = stop();
    gate.resolve();
    await stopped;
    expect(marks).toEqual(['begun', 'done']);
  });

  it('shares the work between members of a group, and gives a leaving one’s share to the other', async () => {
    const b = bench();
    const keys = upTo(40).map((n) => `k-${n}`);
    const one = await b.collect();
    const two = await b.collect({ bus: b.tested.second });
    const round = async (n: number): Promise<void> => {
      await b.tested.bus.publish(keys.map((key) => b.message(n, key)));
      await eventually(() => new Set([...one, ...two].filter((d) => number(d) === n).map((d) => d.key)).size === 40);
    };
    let n = 0;
    await eventually(async () => {
      await round(++n);
      return one.some((d) => number(d) === n) && two.some((d) => number(d) === n);
    });
    await one.stop();
    const before = one.length;
    await round(++n);
    expect(one).toHaveLength(before);
  });
};

const failureLaws = (bench: Get): void => {
  it('tries a failing delivery again, quickly and in place', async () => {
    const b = bench();
    const attempts: [number, number][] = [];
    const errors: unknown[] = [];
    const handler: SubscribeOptions['handler'] = async (delivery) => {
      attempts.push([number(delivery), delivery.attempt]);
      if (number(delivery) === 1 && delivery.attempt < 3) throw new TypeError('not yet');
    };
    await b.subscribe(handler, { onError: (error) => errors.push(error) });
    await b.publish([1, 2]);
    await eventually(() => attempts.length === 4);
    expect(attempts).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
    expect(errors).toHaveLength(2);
    expect(await b.tested.parking.list({ consumer: `${b.tested.prefix}group` })).toEqual([]);
  });

  it('parks the key of a message that keeps failing, with its cause, while other keys flow; a replay heals it', async () => {
    const b = bench();
    const { parking, prefix } = b.tested;
    const consumer = `${prefix}group`;
    const handled: string[] = [];
    let ill = true;
    const handler: SubscribeOptions['handler'] = async (delivery) => {
      if (ill && delivery.key === 'bad' && number(delivery) === 2) throw new Error('cannot digest 2');
      handled.push(`${delivery.key}-${number(delivery)}`);
    };
    const parked: string[] = [];
    await b.subscribe(handler, { tries: 2, onParked: (letter) => parked.push(letter.cause) });
    await b.publish([1, 2, 3], 'bad');
    await b.publish([1, 2, 3], 'good');
    await eventually(async () => handled.length === 4 && (await parking.list({ consumer })).length === 2);
    expect(handled.sort()).toEqual(['bad-1', 'good-1', 'good-2', 'good-3']);
    const letters = await parking.list({ consumer });
    expect(letters.map(({ key, topic }) => [key, topic])).toEqual([
      ['bad', b.topic],
      ['bad', b.topic],
    ]);
    expect(letters[0]?.cause).toContain('cannot digest 2');
    expect(parked).toEqual([letters[0]?.cause]);
    expect(await parking.isParked(consumer, 'bad')).toBe(true);
    const again = await parking.replay(consumer, 'bad', handler);
    expect(again).toMatchObject({ replayed: 0, remaining: 2, failed: { id: letters[0]?.id } });
    ill = false;
    expect(await parking.replay(consumer, 'bad', handler)).toEqual({ replayed: 2, remaining: 0 });
    await b.publish([4], 'bad');
    await eventually(() => handled.includes('bad-4'));
    expect(handled.filter((name) => name.startsWith('bad'))).toEqual(['bad-1', 'bad-2', 'bad-3', 'bad-4']);
    expect(await parking.list({ consumer })).toEqual([]);
  });

  it('delivers again when a message could neither be handled nor parked', async () => {
    const b = bench();
    let failures = 2;
    const away = async (): Promise<never> => Promise.reject(new Error('the database is away'));
    const parking: ParkingLot = {
      ...b.tested.parking,
      park: (letter) => (failures-- > 0 ? away() : b.tested.parking.park(letter)),
    };
    const seen: number[] = [];
    const handler: SubscribeOptions['handler'] = async (delivery) => {
      if (number(delivery) === 2 && failures > 0) throw new Error('no');
      seen.push(number(delivery));
    };
    await b.subscribe(handler, { tries: 1, parking });
    await b.publish([1, 2, 3]);
    await eventually(() => seen.includes(3));
    expect(seen.filter((n) => n > 1)).toEqual([2, 3]);
  });

  it('waits without parking while something else is away', async () => {
    const b = bench();
    const away = [{ code: 'DSEM-9003' }, { code: '57P01' }, { cause: { code: 'ECONNREFUSED' } }];
    const seen: number[] = [];
    const handler: SubscribeOptions['handler'] = async (delivery) => {
      const fault = number(delivery) === 2 ? away.shift() : undefined;
      if (fault) throw Object.assign(new Error('away'), fault);
      seen.push(number(delivery));
    };
    await b.subscribe(handler, { tries: 1 });
    await b.publish([1, 2, 3]);
    await eventually(() => seen.includes(3));
    expect(seen.filter((n) => n > 1)).toEqual([2, 3]);
    expect(await b.tested.parking.list({ consumer: `${b.tested.prefix}group` })).toEqual([]);
  });
};

const hostileBodies: [string, string, RegExp][] = [
  ['no JSON', '{', /not JSON/],
  ['no envelope', '{"specversion":"1.0"}', /not an envelope/],
  ['too deep', '['.repeat(maxDepth + 1), /deeper/],
];

const hostileLaws = (bench: Get): void => {
  it.each(hostileBodies)('dead-letters a message that is %s and keeps going', async (_, body, cause) => {
    const b = bench();
    const { parking, prefix, inject } = b.tested;
    const seen = await b.collect();
    await b.publish([1], 'good');
    await inject({ topic: b.topic, key: 'hostile', body });
    await b.publish([2], 'good');
    await eventually(
      async () => seen.length === 2 && (await parking.list({ consumer: `${prefix}group` })).length === 1,
    );
    const [letter] = await parking.list({ consumer: `${prefix}group` });
    expect(letter).toMatchObject({ key: 'hostile', body });
    expect(letter?.cause).toMatch(cause);
    expect(await parking.discard(letter?.id ?? '')).toBe(true);
    await b.publish([3], 'hostile');
    await eventually(() => seen.length === 3);
  });

  it('parks a key that is longer than an index holds under its digest, and goes on', async () => {
    const b = bench();
    const { parking, prefix, inject } = b.tested;
    const consumer = `${prefix}group`;
    const seen = await b.collect();
    const key = Array.from({ length: 4000 }, (_, n) => String.fromCharCode(33 + ((n * n * 7919) % 90))).join('');
    await inject({ topic: b.topic, key, body: '{' });
    await inject({ topic: b.topic, key, body: '[' });
    await b.publish([1], 'good');
    await eventually(async () => seen.length === 1 && (await parking.list({ consumer })).length === 2);
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string;
    expect(await parking.keys({ consumer })).toMatchObject([{ key: digest, letters: 2 }]);
  });

  it('never parks what has no key, for it has no order', async () => {
    const b = bench();
    const seen = await b.collect();
    await b.tested.inject({ topic: b.topic, key: '', body: 'null' });
    await b.publish([1], '');
    await eventually(
      async () =>
        seen.length === 1 && (await b.tested.parking.list({ consumer: `${b.tested.prefix}group` })).length === 1,
    );
    expect(await b.tested.parking.isParked(`${b.tested.prefix}group`, '')).toBe(false);
  });

  it('refuses to publish what no consumer would accept', async () => {
    const b = bench();
    const large = { ...b.message(1), envelope: { ...sampleEnvelope(1), data: 'x'.repeat(maxPublishedBytes) } };
    await expect(b.tested.bus.publish([large])).rejects.toMatchObject({ code: 'DSEM-1004' });
  });

  it('says that it is healthy', async () => {
    expect(await bench().tested.bus.healthy()).toBe(true);
  });
};

const bound = (bench: Bench) => ({
  subscribe: bench.subscribe.bind(bench),
  publish: bench.publish.bind(bench),
});

/** What every bus promises; run on each. */
export const busContract = (name: string, make: () => Promise<BusUnderTest>): void => {
  describe(`${name}, as a bus`, () => {
    let current: Bench | undefined;
    const bench = (): Bench => {
      if (!current) throw new Error('the bus is made before each test');
      return current;
    };
    beforeEach(async () => {
      current = new Bench(await make());
    });
    afterEach(async () => {
      await current?.end();
      await current?.tested.second.close();
      await current?.tested.bus.close();
      await current?.tested.remove?.();
      current = undefined;
    });
    deliveryLaws(bench);
    failureLaws(bench);
    hostileLaws(bench);
  });
};
