import { randomUUID } from 'node:crypto';
import type { DeadLetter, Handler, ParkingLot } from './bus.js';
import { decode } from './codec.js';

/** Hands one letter to a handler; the reason when it cannot be handled still. */
export const retryLetter = async (letter: DeadLetter, handler: Handler): Promise<string | undefined> => {
  const decoded = decode(letter.body);
  if (!decoded.ok) return decoded.cause;
  try {
    await handler({ topic: letter.topic, key: letter.key, envelope: decoded.envelope, attempt: 1 });
    return undefined;
  } catch (error) {
    return String(error);
  }
};

class MemoryLot implements ParkingLot {
  private letters: DeadLetter[] = [];
  private readonly keys = new Set<string>();

  private static key(consumer: string, key: string): string {
    return JSON.stringify([consumer, key]);
  }

  private of(consumer: string, key: string): DeadLetter[] {
    return this.letters.filter((letter) => letter.consumer === consumer && letter.key === key);
  }

  private unparkWhenEmpty(consumer: string, key: string): void {
    if (this.of(consumer, key).length === 0) this.keys.delete(MemoryLot.key(consumer, key));
  }

  private keep(letter: Omit<DeadLetter, 'id' | 'at'>): void {
    this.letters.push({ ...letter, id: randomUUID(), at: new Date().toISOString() });
  }

  readonly isParked = async (consumer: string, key: string): Promise<boolean> =>
    this.keys.has(MemoryLot.key(consumer, key));

  readonly parkedKeys = async (consumer: string): Promise<ReadonlySet<string>> => {
    const pairs = [...this.keys].map((key) => JSON.parse(key) as [string, string]);
    return new Set(pairs.filter(([of]) => of === consumer).map(([, key]) => key));
  };

  readonly park = async (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<void> => {
    this.keep(letter);
    if (letter.key !== '') this.keys.add(MemoryLot.key(letter.consumer, letter.key));
  };

  readonly parkBehind = async (letter: Omit<DeadLetter, 'id' | 'at'>): Promise<boolean> => {
    if (!this.keys.has(MemoryLot.key(letter.consumer, letter.key))) return false;
    this.keep(letter);
    return true;
  };

  readonly list = async (consumer?: string): Promise<readonly DeadLetter[]> =>
    this.letters.filter((letter) => consumer === undefined || letter.consumer === consumer);

  readonly replay = async (consumer: string, key: string, handler: Handler): Promise<number> => {
    for (let done = 0; ; done++) {
      const [letter] = this.of(consumer, key);
      if (letter === undefined || (await retryLetter(letter, handler)) !== undefined) return done;
      await this.discard(letter.id);
    }
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
