import type { SequenceOptions } from '@dsem/schema';

const limits: { readonly [type: string]: readonly [lowest: string, highest: string] } = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

/** What the server chooses for a sequence of a type and direction when nothing is said. */
export const usualOptions = (type: string, options: SequenceOptions): Required<Omit<SequenceOptions, 'cycle'>> => {
  const [lowest, highest] = limits[type] ?? limits.bigint!;
  const down = (options.increment ?? '1').startsWith('-');
  const min = down ? lowest : '1';
  const max = down ? '-1' : highest;
  return { increment: '1', min, max, cache: '1', start: down ? (options.max ?? max) : (options.min ?? min) };
};

/** Where a counter may stand, where it starts, and which way it goes. */
export interface CounterLimits {
  readonly min: bigint;
  readonly max: bigint;
  readonly start: bigint;
  readonly down: boolean;
}

/** The limits a counter has by its type and options. */
export const counterLimits = (type: string, options: SequenceOptions = {}): CounterLimits => {
  const usual = usualOptions(type, options);
  const number = (name: 'min' | 'max' | 'start'): bigint =>
    BigInt([options[name], usual[name]].find((text) => text !== undefined && /^-?\d+$/.test(text)) ?? '1');
  return {
    min: number('min'),
    max: number('max'),
    start: number('start'),
    down: (options.increment ?? '1').startsWith('-'),
  };
};
