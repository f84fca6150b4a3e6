import { answerLine } from './batch/answer.js';
import { jsonLines, type Line } from './batch/lines.js';
import { shapes } from './json-schemas.js';
import { dsem } from './testing.js';

interface Answer {
  readonly id: unknown;
  readonly error?: { readonly code: string };
  readonly [name: string]: unknown;
}

const batch = async (...requests: readonly unknown[]): Promise<readonly Answer[]> => {
  const stdin = requests.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n');
  const { code, out, err } = await dsem(['batch'], { stdin });
  expect([code, err]).toEqual([0, '']);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
};

const t = (...columns: string[]): string => `CREATE TABLE t (${columns.join(', ')});`;
const engine = 'postgresql';

describe('batch', () => {
  it('answers every verb in order with the shape of the verb and the id of the request', async () => {
    const pair = { engine, from: t('a int'), to: t('a int', 'b int') };
    const answers = await batch(
      { id: 1, verb: 'plan', engineVersion: '16', ...pair },
      { id: 'two', verb: 'diff', ...pair },
      { id: 3, verb: 'check', mode: 'full', ...pair, from: [t('a int'), t('a int', 'b int')] },
      { id: 4, verb: 'inspect', engine, state: t('a int') },
      { id: 5, verb: 'merge', engine, base: t('a int'), ours: t('a int', 'b int'), theirs: t('a int', 'c int') },
      { id: 6, verb: 'merge', engine, base: t('a int'), ours: t('a bigint'), theirs: t('a text') },
    );
    expect(answers.map(({ id }) => id)).toEqual([1, 'two', 3, 4, 5, 6]);
    for (const [at, name] of (['Plan', 'Diff', 'Check', 'Inspect', 'Merge', 'Merge'] as const).entries())
      expect(shapes[name].safeParse(answers[at]).error).toBeUndefined();
  });

  it('leaves privileges and owners to others where it is told to', async () => {
    const [from, to] = [`${t('a int')} ALTER TABLE t OWNER TO keeper;`, `${t('a int')} GRANT SELECT ON t TO clerk;`];
    const pair = { engine, from, to: `${to} ALTER TABLE t OWNER TO clerk;` };
    const [both, neither, privileges, printed] = await batch(
      { verb: 'diff', ...pair },
      { verb: 'diff', ...pair, privileges: false, owners: false },
      { verb: 'plan', ...pair, owners: false },
      { verb: 'inspect', engine, state: from, owners: false },
    );
    expect(both?.['changes']).toMatchObject([{ object: 'owner of public.t' }]);
    expect(neither?.['changes']).toEqual([]);
    expect(privileges?.['changes']).toEqual([]);
    expect(printed?.['sql']).not.toContain('OWNER');
  });

  it('merges as it is told to, and tells what is left', async () => {
    const request = { verb: 'merge', engine, base: t('a int'), ours: t('a bigint'), theirs: t('a text', 'b int') };
    const place = { noun: 'column', object: 'public.t.a', aspect: 'type' };
    const [open, taken, resolved, edited] = await batch(
      request,
      { ...request, take: 'theirs' },
      { ...request, resolutions: [{ ...place, take: 'ours' }] },
      {
        ...request,
        resolutions: [{ ...place, take: 'edited', value: { native: 'int2', canonical: { kind: 'int', bits: 16 } } }],
      },
    );
    expect(open).toMatchObject({
      clean: false,
      sql: null,
      definition: null,
      conflicts: [{ ...place, kind: 'same-attribute' }],
    });
    const types = [taken, resolved, edited].map((answer) => /"a" (\w+)/u.exec(String(answer?.['sql']))?.[1]);
    expect(types).toEqual(['text', 'bigint', 'smallint']);
  });

  it.each([
    ['{', null, 'DSEM-1001'],
    ['[]', null, 'DSEM-1002'],
    [{ id: 5 }, 5, 'DSEM-1002'],
    [{ id: 5, verb: 'apply', engine }, 5, 'DSEM-1002'],
    [{ id: 5, verb: 'inspect', engine }, 5, 'DSEM-1002'],
    [{ id: 5, verb: 'inspect', engine, state: 7 }, 5, 'DSEM-1002'],
    [{ id: 5, verb: 'inspect', engine, state: 'CREATE', more: 1 }, 5, 'DSEM-1002'],
    [{ id: 5, verb: 'inspect', state: '' }, 5, 'DSEM-1015'],
    [{ id: 5, verb: 'inspect', engine: 'db2', state: '' }, 5, 'DSEM-2006'],
    [{ id: 5, verb: 'inspect', engine, state: 'CREATE' }, 5, 'DSEM-2001'],
    [{ id: 5, verb: 'inspect', engine, state: { tables: 1 } }, 5, 'DSEM-2003'],
    [{ id: 5, verb: 'merge', engine, base: '', ours: '' }, 5, 'DSEM-1002'],
    [{ id: 5, verb: 'merge', engine, base: '', ours: '', theirs: '', take: 'both' }, 5, 'DSEM-1002'],
    [
      {
        id: 5,
        verb: 'merge',
        engine,
        base: '',
        ours: '',
        theirs: '',
        resolutions: [{ noun: 'table', object: 'public.t', aspect: 'type', take: 'ours' }],
      },
      5,
      'DSEM-2010',
    ],
    [{ id: 5, verb: 'check', engine, mode: 'up', from: '', to: '' }, 5, 'DSEM-1015'],
    [{ id: { a: 1 }, verb: 'inspect', engine, state: '' }, null, 'DSEM-1002'],
  ])('answers %j with an error and goes on', async (request, id, code) => {
    const [answer, next] = await batch(request, { id: 6, verb: 'inspect', engine, state: '' });
    expect([answer?.id, answer?.error?.code]).toEqual([id, code]);
    expect([next?.id, next?.error]).toEqual([6, undefined]);
  });

  const verbs = 'inspect, diff, plan, check, merge, lint';
  it.each([
    [[], `Request 2: it is a list, not a JSON object`],
    [7, `Request 2: it is a number, not a JSON object`],
    [{ id: 5 }, `Request 2 (id 5): it has no "verb"; there are ${verbs}`],
    [{ id: 'x', verb: 'apply' }, `Request 2 (id "x"): the verb "apply" is not known; there are ${verbs}`],
    [{ verb: 'toString' }, `Request 2: the verb "toString" is not known; there are ${verbs}`],
    [{ verb: ['plan'] }, `Request 2: the verb a list is not known; there are ${verbs}`],
    [{ id: 5, verb: 'inspect', engine }, `Request 2 (id 5): "state" is missing: DDL text or a canonical definition`],
    [
      { verb: 'inspect', engine: 'e'.repeat(101), state: 7 },
      `Request 2: "engine" is too long, not at most 100 characters; "state" is 7, not DDL text or a canonical definition`,
    ],
    [
      { verb: 'inspect', engine, state: '', more: 1 },
      `Request 2: inspect has no "more"; it takes verb, id, engine, state, privileges, owners`,
    ],
    [{ verb: 'plan', engine, from: '', to: '', online: 'yes' }, `Request 2: "online" is "yes", not a boolean`],
    [
      { verb: 'lint', engine, sql: '', rules: { x: 'loud' } },
      `Request 2: "rules.x" is "loud", not one of off, info, warning, error`,
    ],
    [{ verb: 'lint', engine, sql: null }, `Request 2: "sql" is null, not a string`],
    [
      { id: { a: 1 }, verb: 'inspect', engine, state: '' },
      `Request 2: "id" is an object, not a text, a number or null`,
    ],
  ])('says of %j what is wrong with it, and which verbs there are', async (request, detail) => {
    const [, answer] = await batch({ id: 4, verb: 'inspect', engine, state: '' }, request);
    expect(answer?.error).toMatchObject({ code: 'DSEM-1002', detail });
  });

  it('takes the engine of the command line, and definitions instead of texts', async () => {
    const { out } = await dsem(['batch', '--engine', engine], {
      stdin: JSON.stringify({ id: 1, verb: 'diff', from: t('a int'), to: { tables: [] } }),
    });
    expect(JSON.parse(out)).toMatchObject({ id: 1, changes: [{ kind: 'drop-table', object: 'public.t' }] });
  });

  it('gives each answer before it reads the next request', async () => {
    const order: string[] = [];
    async function* requests(): AsyncGenerator<Uint8Array> {
      for (const id of [1, 2]) {
        order.push(`asked ${id}`);
        yield await Promise.resolve(Buffer.from(`${JSON.stringify({ id, verb: 'inspect', engine, state: '' })}\n`));
        order.push(`answered ${id}`);
      }
    }
    for await (const line of jsonLines(requests())) {
      await answerLine(line, 1, undefined);
      order.push('answer');
    }
    expect(order).toEqual(['asked 1', 'answer', 'answered 1', 'asked 2', 'answer', 'answered 2']);
  });
});

describe('lines of a stream', () => {
  const cut = async (chunks: readonly string[], limit: number): Promise<readonly Line[]> => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
    }
    const lines: Line[] = [];
    for await (const line of jsonLines(bytes(), limit)) lines.push(line);
    return lines;
  };

  it.each([
    [['a\nb\n'], [{ text: 'a' }, { text: 'b' }]],
    [['a\nb'], [{ text: 'a' }, { text: 'b' }]],
    [['a', 'b', '\n'], [{ text: 'ab' }]],
    [['\n\n  \na\r\n'], [{ text: 'a\r' }]],
    [['123456\nb\n'], [{ tooLong: true }, { text: 'b' }]],
    [
      ['123', '456', '789\nb'],
      [{ tooLong: true }, { text: 'b' }],
    ],
    [['1234567'], [{ tooLong: true }]],
    [[], []],
  ] as const)('of %j are %j', async (chunks, lines) => {
    expect(await cut(chunks, 5)).toEqual(lines);
  });
});
