import type { Way } from '@dsem/engine/testing';
import { plan } from '@dsem/plan';
import type { Schema } from '@dsem/schema';
import { postgresqlDialect as dialect } from '../../dialect/index.js';
import { openLink } from '../../driver/connect.js';

/** The planner's way from a state to another on a server of that version, and back. */
export const planned =
  (version: string) =>
  (from: Schema, to: Schema): Way & { readonly destructive: boolean } => {
    const { steps, destructive } = plan({ dialect, from, to, version });
    const backwards = steps.toReversed();
    return {
      destructive,
      there: steps.flatMap(({ statements, transactional }) => statements.map((text) => ({ text, transactional }))),
      back: backwards.some(({ reverse }) => reverse === null)
        ? null
        : backwards.flatMap(({ reverse, reverseTransactional: transactional }) =>
            (reverse ?? []).map((text) => ({ text, transactional })),
          ),
    };
  };

/** Runs statements as a person would, in one message each, in one session. */
export const execute = async (url: string, ...texts: readonly string[]): Promise<void> => {
  const link = await openLink(url);
  try {
    for (const text of texts) await link.query(text);
  } finally {
    await link.end();
  }
};
