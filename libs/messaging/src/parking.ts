import type {
  DeadLetter,
  Delivery,
  Handler,
  LetterFilter,
  ParkedCount,
  ParkedKey,
  ParkedKeyFilter,
  ParkingLot,
  Replay,
  ReplayOptions,
} from './bus.js';
import { decode } from './codec.js';
import { ReplayInProgress } from './errors.js';
import { inConsumerSpan } from './tracing.js';

/** Hands one letter to a handler; the reason when it cannot be handled still. */
export const retryLetter = async (letter: DeadLetter, handler: Handler): Promise<string | undefined> => {
  const decoded = decode(letter.body);
  if (!decoded.ok) return decoded.cause;
  const delivery: Delivery = { topic: letter.topic, key: letter.key, envelope: decoded.envelope, attempt: 1 };
  try {
    await inConsumerSpan(letter.consumer, delivery, async () => handler(delivery));
    return undefined;
  } catch (error) {
    return String(error);
  }
};

/** What a lot answers `replayLetters` about the key in hand. */
export interface LettersOfKey {
  readonly oldest: () => Promise<DeadLetter | undefined>;
  readonly count: () => Promise<number>;
  readonly settle: (letter: DeadLetter) => Promise<unknown>;
  /** Keeps the new cause of a letter that failed again. */
  readonly failed: (letter: DeadLetter) => Promise<unknown>;
}

/** The one loop of every replay: oldest first, up to the first failure or to `most`. */
export const replayLetters = async (
  letters: LettersOfKey,
  handler: Handler,
  { most = Infinity, settle }: ReplayOptions,
): Promise<Replay> => {
  let replayed = 0;
  for (; replayed < most; replayed++) {
    const letter = await letters.oldest();
    if (letter === undefined) break;
    const cause = await retryLetter(letter, handler);
    if (cause !== undefined) {
      const failed = { ...letter, cause };
      await letters.failed(failed);
      return { replayed, remaining: await letters.count(), failed };
    }
    await (settle ?? letters.settle)(letter);
  }
  return { replayed, remaining: await letters.count() };
};

const pairOf = (consumer: string, key: string): string => JSON.stringify([consumer, key]);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const afterKey = ({ consumer, key }: ParkedKey, [afterConsumer, after]: readonly [string, string]): boolean =>
  (compare(consumer, afterConsumer) || compare(key, after)) > 0;

class MemoryLot implements ParkingLot {
  private letters: DeadLetter[] = [];
  private ids = 0;
  private readonly since = new Map<string, string>();
  private readonly replaying = new Set<string>();

  private of(consumer: string, key: string): DeadLetter[] {
    return this.letters.filter((letter) => letter.consumer === consumer && letter.key === key);
  }

  private unparkWhenEmpty(consumer: string, key: string): void {
    if (this.of(consumer, key).length === 0) this.since.delete(pairOf(consumer, key));
  }

  private keep(letter: Omit<DeadLetter, 'id' | 'at'>): void {
    this.letters.push({ ...letter, id: String(++this.ids), at: new Date().toISOString() });
  }

  private parked(): ParkedKey[] {
    return [...this.since]
      .map(([pair, since]) => {
        const [consumer, key] = JSON.parse(pair) as [string, string];
        return { consumer, key, since, letters: this.of(consumer, key).length };
      })
      .sort((a, b) => compare(a.consumer, b.consumer) || compare(a.key, b.key));
  }

  readonly isParked = async (consumer: string, key: string): Promise<boolean> => this.since.has(pairOf(consumer, key));

  readonly parkedKeys = async (consumer: string): Promise<ReadonlySet<string>> =>
    new Set((await this.keys({ consumer })).map(({ key }) => key));

  readonly park = async (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<void> => {
    this.keep(letter);
    const pair = pairOf(letter.consumer, letter.key);
    if (letter.key !== '' && !this.since.has(pair)) this.since.set(pair, new Date().toISOString());
  };

  readonly parkBehind = async (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<boolean> => {
    if (!this.since.has(pairOf(letter.consumer, letter.key))) return false;
    this.keep(letter);
    return true;
  };

  readonly list = async ({ consumer, topic, key, after = 0, take }: LetterFilter = {}): Promise<DeadLetter[]> =>
    this.letters
      .filter((letter) => consumer === undefined || letter.consumer === consumer)
      .filter((letter) => topic === undefined || letter.topic === topic)
      .filter((letter) => key === undefined || letter.key === key)
      .filter((letter) => Number(letter.id) > after)
      .slice(0, take);

  readonly letter = async (id: string): Promise<DeadLetter | undefined> => this.letters.find((each) => each.id === id);

  readonly keys = async ({ consumer, after, take }: ParkedKeyFilter = {}): Promise<readonly ParkedKey[]> =>
    this.parked()
      .filter((parked) => consumer === undefined || parked.consumer === consumer)
      .filter((parked) => after === undefined || afterKey(parked, after))
      .slice(0, take);

  readonly counts = async (): Promise<readonly ParkedCount[]> => {
    const parked = this.parked();
    const consumers = [...new Set(this.letters.map(({ consumer }) => consumer))].sort(compare);
    return consumers.map((consumer) => ({
      consumer,
      letters: this.letters.filter((letter) => letter.consumer === consumer).length,
      keys: parked.filter((each) => each.consumer === consumer).length,
    }));
  };

  readonly replay = async (
    consumer: string,
    key: string,
    handler: Handler,
    options: ReplayOptions = {},
  ): Promise<Replay> => {
    const pair = pairOf(consumer, key);
    if (this.replaying.has(pair)) throw new ReplayInProgress(consumer, key);
    this.replaying.add(pair);
    const letters: LettersOfKey = {
      oldest: async () => this.of(consumer, key)[0],
      count: async () => this.of(consumer, key).length,
      settle: ({ id }) => this.discard(id),
      failed: async (failed) => (this.letters = this.letters.map((each) => (each.id === failed.id ? failed : each))),
    };
    return replayLetters(letters, handler, options).finally(() => this.replaying.delete(pair));
  };

  readonly discard = async (id: string): Promise<boolean> => {
    const letter = this.letters.find((candidate) => candidate.id === id);
    this.letters = this.letters.filter((candidate) => candidate.id !== id);
    if (letter) this.unparkWhenEmpty(letter.consumer, letter.key);
    return letter !== undefined;
  };
}

/** A parking lot for unit tests and trials; gone with the process. */
export const memoryParking = (): ParkingLot => new MemoryLot();
