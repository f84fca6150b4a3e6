import type { Statement } from '@dsem/engine';
import { literal } from '../identifiers.js';
import { locks, statement } from './statement.js';

/** COMMENT ON for an object named as SQL; none where the comment stays. */
export const commentOn = (target: string, comment: string | undefined, earlier?: string): readonly Statement[] =>
  comment === earlier
    ? []
    : [
        statement(`COMMENT ON ${target} IS ${comment === undefined ? 'NULL' : literal(comment)}`, {
          lock: locks.updateExclusive,
        }),
      ];
