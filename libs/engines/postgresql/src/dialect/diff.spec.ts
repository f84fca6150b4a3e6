import type { ColumnType } from '@dsem/schema';
import { cutsSilently, typeChange } from './diff.js';

const type = (native: string): ColumnType => ({ native, canonical: { kind: 'opaque', native } });

describe('type changes of PostgreSQL', () => {
  it.each([
    ['character varying(10)', 'character varying(20)', 'widen', false],
    ['character varying(10)', 'text', 'widen', false],
    ['text', 'character varying', 'widen', false],
    ['text', 'character varying(10)', 'narrow', true],
    ['character varying(20)', 'character varying(10)', 'narrow', true],
    ['character(3)', 'text', 'widen', true],
    ['numeric(10,2)', 'numeric(12,2)', 'widen', false],
    ['numeric(10,2)', 'numeric', 'widen', false],
    ['numeric(10,2)', 'numeric(12,4)', 'widen', true],
    ['numeric(10,2)', 'numeric(10,4)', 'narrow', true],
    ['numeric(10,2)', 'numeric(8,2)', 'narrow', true],
    ['integer', 'bigint', 'widen', true],
    ['bigint', 'integer', 'narrow', true],
    ['integer', 'numeric', 'widen', true],
    ['integer', 'text', 'family', true],
    ['timestamp(3) with time zone', 'timestamp with time zone', 'widen', false],
    ['timestamp with time zone', 'timestamp(3) with time zone', 'narrow', true],
    ['date', 'timestamp without time zone', 'widen', true],
    ['json', 'jsonb', 'narrow', true],
    ['text', 'text', 'same', false],
    ['text', 'text[]', 'family', true],
  ])('%s to %s: %s, rewrite %s', (from, to, effect, rewrite) => {
    expect(typeChange(type(from), type(to))).toEqual({ effect, rewrite });
  });

  it.each([
    ['numeric(10,2)', 'numeric(10,1)', true],
    ['numeric(10,2)', 'numeric(8,2)', false],
    ['timestamp without time zone', 'date', true],
    ['bigint', 'integer', false],
  ])('%s to %s cuts digits silently: %s', (from, to, cuts) => {
    expect(cutsSilently(type(from), type(to))).toBe(cuts);
  });
});
