import type { ApiClient, ItemOf, ListId } from 'schema-evolution-sdk';
import { action, type Call, type Run } from '../context.js';
import type { Exit } from '../exit-codes.js';
import type { Result } from '../output/emit.js';
import { usage } from '../problem.js';

/** An action that speaks to a server; the SDK is loaded only then. */
export const remote = <Options extends object, Args extends readonly unknown[] = readonly []>(
  run: Run,
  work: (client: ApiClient, call: Call<Options>, ...args: Args) => Promise<Result | Exit>,
): ((...given: unknown[]) => Promise<void>) =>
  action<Options, Args>(run, async (call, ...args) => {
    const { api } = await import('../server/connect.js');
    return work(await api(call.options, call.io), call, ...args);
  });

/** An option that may be given several times or with commas. */
export const several = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(',').filter((part) => part !== ''),
];

/** A whole number of an option. @throws CliProblem */
export const whole = (text: string): number => {
  if (!/^\d{1,9}$/u.test(text)) throw usage(`${text} is no whole number.`);
  return Number(text);
};

/** `key=value` pairs of an option. @throws CliProblem */
export const pair = (text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`${text} is no key=value.`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
};

/** The members that were given; absent ones are left out of a request. */
export const given = <Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>;
  };

/** Up to `limit` items of a list, over as many pages as that takes. */
export const take = async <Id extends ListId>(
  items: AsyncGenerator<ItemOf<Id>>,
  limit: number,
): Promise<readonly ItemOf<Id>[]> => {
  const taken: ItemOf<Id>[] = [];
  if (limit === 0) return taken;
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= limit) break;
  }
  return taken;
};
