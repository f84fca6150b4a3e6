import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, ParkingLot, SubscribeOptions, Subscription } from './bus.js';
import { encode } from './codec.js';
import { memoryParking } from './parking.js';
import { receiver, type RawMessage, type Receiver } from './retry.js';
import { withTrace } from './tracing.js';

interface Member {
  readonly receiver: Receiver;
  readonly running: Set<Promise<void>>;
}

/** A consumer group: one queue per key, each worked on by one member at a time. */
class Group {
  private readonly queues = new Map<string, RawMessage[]>();
  private readonly busy = new Set<string>();
  readonly members: Member[] = [];
  private next = 0;

  constructor(readonly topics: Set<string>) {}

  offer(message: RawMessage): void {
    if (!this.topics.has(message.topic)) return;
    this.queues.set(message.key, [...(this.queues.get(message.key) ?? []), message]);
    this.work(message.key);
  }

  workAll(): void {
    for (const key of this.queues.keys()) this.work(key);
  }

  private work(key: string): void {
    const member = this.members[this.next++ % this.members.length];
    const message = this.queues.get(key)?.[0];
    if (member === undefined || message === undefined || this.busy.has(key)) return;
    this.busy.add(key);
    const delivery = this.deliver(member, key, message).finally(() => {
      member.running.delete(delivery);
      this.busy.delete(key);
      this.work(key);
    });
    member.running.add(delivery);
  }

  private async deliver(member: Member, key: string, message: RawMessage): Promise<void> {
    try {
      const receive = await member.receiver();
      await receive(message);
      const rest = this.queues.get(key)?.slice(1) ?? [];
      if (rest.length > 0) this.queues.set(key, rest);
      else this.queues.delete(key);
    } catch {
      await sleep(50);
    }
  }
}

class MemoryBus implements Bus {
  private readonly log: RawMessage[] = [];
  private readonly groups = new Map<string, Group>();
  private closed = false;

  constructor(private readonly parking: ParkingLot) {}

  readonly inject = (message: RawMessage): void => {
    this.log.push(message);
    for (const group of this.groups.values()) group.offer(message);
  };

  readonly publish: Bus['publish'] = async (messages) => {
    if (this.closed) throw new Error('the bus is closed');
    const raw = messages.map(({ topic, key, envelope }) => ({ topic, key, body: encode(withTrace(envelope)) }));
    raw.forEach(this.inject);
  };

  private group({ consumer, topics }: SubscribeOptions): Group {
    const known = this.groups.get(consumer);
    const group = known ?? new Group(new Set());
    const added = new Set(topics.filter((topic) => !group.topics.has(topic)));
    for (const topic of added) group.topics.add(topic);
    for (const message of this.log) if (added.has(message.topic)) group.offer(message);
    this.groups.set(consumer, group);
    return group;
  }

  readonly subscribe = async (options: SubscribeOptions): Promise<Subscription> => {
    const group = this.group(options);
    const member: Member = { receiver: receiver(options, options.parking ?? this.parking), running: new Set() };
    group.members.push(member);
    group.workAll();
    return {
      stop: async () => {
        const at = group.members.indexOf(member);
        if (at >= 0) group.members.splice(at, 1);
        await Promise.all(member.running);
      },
    };
  };

  readonly healthy = async (): Promise<boolean> => !this.closed;

  readonly close = async (): Promise<void> => {
    this.closed = true;
    const members = [...this.groups.values()].flatMap((group) => group.members.splice(0));
    await Promise.all(members.flatMap((member) => [...member.running]));
  };
}

/** A bus with a way to put in what no honest publisher would send; for tests of the consumer runtime. */
export interface MemoryBusUnderTest extends Bus {
  readonly inject: (message: RawMessage) => void;
}

/** A bus inside one process, for unit tests: the same order, groups, retry and parking as the durable ones. */
export const memoryBus = ({ parking = memoryParking() }: { readonly parking?: ParkingLot } = {}): MemoryBusUnderTest =>
  new MemoryBus(parking);
