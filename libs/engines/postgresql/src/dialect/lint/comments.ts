import type { Comment } from '@dsem/engine';
import { scanSync } from 'libpg-query';
import type { Places } from './places.js';

const bare = (text: string): string =>
  text.startsWith('--') ? text.slice(2) : text.replace(/^\/\*/, '').replace(/\*\/$/, '');

/** The comments of a script that speak to us; the text is scanned only when there can be one. O(text). */
export const commentsIn = (text: string, places: Places): readonly Comment[] => {
  if (!/dsem:\s*nolint/i.test(text)) return [];
  return scanSync(text)
    .tokens.filter(({ tokenName }) => tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT')
    .map((token) => {
      const unit = places.unit(token.start);
      const before = text.slice(text.lastIndexOf('\n', unit - 1) + 1, unit);
      return { text: bare(token.text), location: places.at(token.start), alone: before.trim() === '' };
    });
};
