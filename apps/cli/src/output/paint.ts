import pc from 'picocolors';
import type { Io } from '../io.js';

/** Colours and weights; every coloured thing also has a text mark, so nothing is lost without them. */
export type Paint = ReturnType<typeof pc.createColors>;

/** NO_COLOR and CI turn colours off, and so does a stream that is no terminal; FORCE_COLOR turns them on. */
export const wantsColor = (env: Io['env'], isTTY: boolean, flag: boolean): boolean => {
  if (!flag || (env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return isTTY && (env['CI'] ?? '') === '' && env['TERM'] !== 'dumb';
};

export const paint = (colors: boolean): Paint => pc.createColors(colors);
