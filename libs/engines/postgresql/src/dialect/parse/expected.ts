const objects =
  'TABLE INDEX VIEW SEQUENCE TYPE SCHEMA EXTENSION FUNCTION PROCEDURE TRIGGER POLICY DOMAIN MATERIALIZED UNIQUE OR ' +
  'TEMPORARY UNLOGGED COLUMN CONSTRAINT ROLE USER DATABASE AGGREGATE COLLATION STATISTICS';
const clauses =
  'PRIMARY KEY FOREIGN REFERENCES CHECK DEFAULT NOT NULL UNIQUE CONSTRAINT GENERATED ALWAYS IDENTITY CASCADE RESTRICT ' +
  'DELETE UPDATE EXISTS USING WHERE WITH INCLUDE SELECT FROM RENAME ADD DROP ALTER COLUMN SET TO OWNER RETURNS LANGUAGE';
const verbs = 'CREATE ALTER DROP COMMENT GRANT REVOKE INSERT UPDATE DELETE SELECT SET BEGIN COMMIT COPY DO TRUNCATE';

/** Words in which insertions, deletions, changes and swapped neighbours count as one step each. O(a x b), words are short. */
const distance = (a: string, b: string): number => {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const step = a[i - 1] === b[j - 1] ? 0 : 1;
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const found = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + step);
      rows[i]![j] = swap ? Math.min(found, rows[i - 2]![j - 2]! + 1) : found;
    }
  }
  return rows[a.length]![b.length]!;
};

const closest = (word: string, among: string): string | undefined => {
  const upper = word.toUpperCase();
  const near = among
    .split(' ')
    .map((one) => [one, distance(upper, one)] as const)
    .filter(([one, steps]) => steps > 0 && steps <= (one.length > 4 ? 2 : 1) && upper.length > 2)
    .sort((one, other) => one[1] - other[1]);
  return near[0]?.[0];
};

const misspelled = (word: string, before: string): string | undefined => {
  const previous = /([A-Za-z]+)\s*$/.exec(before)?.[1]?.toUpperCase();
  const among = previous === undefined ? verbs : /^(CREATE|ALTER|DROP|ON|REPLACE)$/.test(previous) ? objects : clauses;
  return closest(word, among) ?? (previous === undefined ? undefined : closest(previous, `${verbs} ${clauses}`));
};

const others: readonly (readonly [mark: RegExp, engine: string])[] = [
  [/`|\bENGINE\s*=|\bAUTO_INCREMENT\b|^\s*\/\*!/im, 'MySQL'],
  [/\[\w+\]\.\[\w+\]|\bNVARCHAR\b|\bIDENTITY\s*\(\d|^\s*GO\s*$/im, 'SQL Server'],
  [/\bVARCHAR2\b|\bNUMBER\s*\(/i, 'Oracle'],
  [/\bCREATE\s+KEYSPACE\b|\bWITH\s+CLUSTERING\s+ORDER\b/i, 'Cassandra'],
  [/\bAUTOINCREMENT\b|\bWITHOUT\s+ROWID\b/i, 'SQLite'],
];

const openBrackets = (text: string): number => {
  const bare = text.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '');
  return [...bare].reduce((open, char) => open + (char === '(' ? 1 : char === ')' ? -1 : 0), 0);
};

const atEnd = (text: string): string => {
  const open = openBrackets(text);
  return open > 0
    ? `expected ${open === 1 ? 'a closing bracket' : `${open} closing brackets`}`
    : 'the statement is cut off';
};

/** How far around an error its reasons are looked for, in characters. */
const around = 2_000;

/** What is said of an error; `explainsAll` where further errors would only follow from the same cause. */
export interface Expectation {
  readonly words: string;
  readonly explainsAll: boolean;
}

const wordsFor = (statement: string, before: string, unit: number, message: string): string | undefined => {
  const token = /at or near "([\s\S]*)"/.exec(message)?.[1] ?? '';
  const isOpen = token === ';' && openBrackets(statement.slice(0, unit)) > 0;
  if (isOpen || message.includes('end of input')) return atEnd(statement.slice(0, Math.min(unit, 100_000)));
  if (/^unterminated/.test(message)) return 'the closing quote is missing';
  if ([':', '$', '{', '%'].includes(token)) return 'variables and placeholders have to be replaced before';
  if (/,\s*$/.test(before)) return 'expected something between the comma and it';
  const word = /^[A-Za-z_]+$/.test(token) ? misspelled(token, before) : undefined;
  return word === undefined ? undefined : `expected ${word}`;
};

/** What the grammar would have taken at an error, as far as it can be told; for people. */
export const expectation = (statement: string, unit: number, message: string): Expectation | undefined => {
  const text = statement.slice(Math.max(0, unit - around), unit + around);
  const other = others.find(([mark]) => mark.test(text));
  if (other) return { words: `this looks like ${other[1]}; say --engine, or translate it`, explainsAll: true };
  if (/at or near "[^"]*\n/.test(message)) return { words: 'a quote is missing further up', explainsAll: true };
  const before = statement.slice(Math.max(0, unit - around), unit).replace(/--[^\n]*$/gm, '');
  const words = wordsFor(statement, before, unit, message);
  return words === undefined ? undefined : { words, explainsAll: false };
};
