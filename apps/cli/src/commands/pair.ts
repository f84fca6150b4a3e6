import type { Call } from '../context.js';
import { readStates, type State } from '../state/read-state.js';
import { type EngineOptions, tellNotes } from './inputs.js';

/** The states of `--from` and `--to`. */
export const readPair = async ({
  io,
  options,
  tell,
}: Call<EngineOptions & { readonly from: string; readonly to: string }>): Promise<readonly [State, State]> => {
  const states = await readStates([options.from, options.to], io, options);
  tellNotes(states, tell);
  const [from, to] = states;
  if (from === undefined || to === undefined) throw new Error('two states were asked for');
  return [from, to];
};
