import type { Note, Scratch } from '@dsem/engine';
import type { EngineName } from '@dsem/schema';
import { onInterrupt } from '../interrupt.js';
import { usage } from '../problem.js';
import type { SourceFile } from './files.js';
import { inspectLive, type LiveState } from './live.js';

const scratchFor = async (engine: EngineName, via: string): Promise<Scratch> => {
  const { driverFor, engineOfUrl } = await import('@dsem/catalogue/drivers');
  if (via !== 'embedded' && engineOfUrl(via) !== engine)
    throw usage(`--via ${/^[a-z+]+:/u.exec(via)?.[0] ?? via} is no server of ${engine}.`, 'Give embedded, or a URL.');
  const { scratch } = await driverFor(engine);
  if (scratch === undefined) throw usage(`There is no scratch database for ${engine}.`, 'Leave --via out.');
  return scratch(via);
};

/** Whoever replays scripts owns what they make, so that nobody can tell afterwards whom they name. */
const ownersTold = (sources: readonly SourceFile[]): readonly Note[] =>
  sources.some(({ text }) => /\bOWNER\s+TO\b|\bAUTHORIZATION\b/iu.test(text))
    ? [{ message: 'owners are left out: what is replayed belongs to whoever replays it' }]
    : [];

/** What a server makes of scripts: they are replayed on a scratch database, which is inspected and dropped. */
export const replayed = async (
  engine: EngineName,
  sources: readonly SourceFile[],
  via: string,
): Promise<Omit<LiveState, 'spell'>> => {
  const scratch = await scratchFor(engine, via);
  const forget = onInterrupt(scratch.drop);
  try {
    const told = await scratch.replay(sources);
    const { schema, notes } = await inspectLive(engine, scratch.url, false, undefined, false);
    return { schema, notes: [...told, ...ownersTold(sources), ...notes] };
  } finally {
    await scratch.drop();
    forget();
  }
};
