import type { DoStmt, Node } from '@pgsql/types';
import { DefinitionSyntaxError } from '@dsem/schema';
import { plpgsqlOf, expressionTree, statementsOf } from '../grammar.js';
import { literal } from '../identifiers.js';
import { stringOf } from '../normalize/tree.js';
import { onlyServer, type Site } from './draft.js';
import { elementsOf } from './options.js';
import { skippedWord } from './statement-kinds.js';

/** A condition of IF; evaluated once, when the first statement that depends on it is read. */
export interface Condition {
  readonly tree: Node;
  /** Whether the branch is the one for a condition that does not hold. */
  readonly negated: boolean;
  value: boolean | undefined;
}

/** A block with EXCEPTION; what it expects ends it without an error. */
export interface Block {
  readonly expects: ReadonlySet<string>;
  /** How many of its statements have been read, and whether one was met by an exception. */
  done: number;
  ended: boolean;
}

/** A statement of a `DO` block with what it depends on. */
export interface Guarded {
  readonly node: Node;
  readonly conditions: readonly Condition[];
  readonly blocks: readonly Block[];
}

type Tree = { readonly [name: string]: unknown };

const held = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {});
const listOf = (value: unknown): readonly Tree[] => (Array.isArray(value) ? (value as readonly Tree[]) : []);
const textIn = (value: unknown): string => {
  const { query } = held(held(value).PLpgSQL_expr);
  return typeof query === 'string' ? query : '';
};

interface Around {
  readonly conditions: readonly Condition[];
  readonly blocks: readonly Block[];
  /** Refuses what is not understood. */
  readonly refuse: (what: string) => never;
}

const statementIn = (text: string, around: Around): Node => {
  const [statement, ...more] = statementsOf(text);
  return statement?.stmt && more.length === 0 ? statement.stmt : around.refuse('runs several statements as one');
};

const expectedBy = (exceptions: unknown, around: Around): ReadonlySet<string> => {
  const handlers = listOf(held(held(exceptions).PLpgSQL_exception_block).exc_list).map((one) =>
    held(one.PLpgSQL_exception),
  );
  const isQuiet = (action: Tree): boolean =>
    'PLpgSQL_stmt_raise' in action && isNotice(held(action.PLpgSQL_stmt_raise));
  if (handlers.some(({ action }) => !listOf(action).every(isQuiet))) around.refuse('handles an exception');
  const names = handlers.flatMap(({ conditions }) =>
    listOf(conditions).map((one) => held(one.PLpgSQL_condition).condname),
  );
  return new Set(names.filter((name): name is string => typeof name === 'string'));
};

const exceptionLevel = 21;
const isNotice = ({ elog_level }: Tree): boolean => typeof elog_level === 'number' && elog_level < exceptionLevel;

const block = (statement: Tree, around: Around): readonly Guarded[] => {
  if (statement.exceptions === undefined) return body(statement.body, around);
  const made: Block = { expects: expectedBy(statement.exceptions, around), done: 0, ended: false };
  return body(statement.body, { ...around, blocks: [...around.blocks, made] });
};

const condition = (cond: unknown): Condition => ({
  tree: expressionTree(textIn(cond)),
  negated: false,
  value: undefined,
});

const branches = (statement: Tree, around: Around): readonly Guarded[] => {
  const pairs = [
    { cond: statement.cond, then: statement.then_body },
    ...listOf(statement.elsif_list).map((one) => {
      const { cond, stmts } = held(one.PLpgSQL_if_elsif);
      return { cond, then: stmts };
    }),
  ];
  const passed: Condition[] = [];
  const made = pairs.flatMap(({ cond, then }) => {
    const asked = condition(cond);
    const inside = body(then, { ...around, conditions: [...around.conditions, ...passed, asked] });
    passed.push(complement(asked));
    return inside;
  });
  return [...made, ...body(statement.else_body, { ...around, conditions: [...around.conditions, ...passed] })];
};

/** The other branch of a condition; both share one evaluation. */
const complement = (asked: Condition): Condition => ({
  tree: asked.tree,
  negated: true,
  get value() {
    return asked.value;
  },
  set value(value) {
    asked.value = value;
  },
});

type Understood = (statement: Tree, around: Around) => readonly Guarded[];

const one = (node: Node, { conditions, blocks }: Around): readonly Guarded[] => [{ node, conditions, blocks }];

const understood: { readonly [kind: string]: Understood } = {
  PLpgSQL_stmt_block: block,
  PLpgSQL_stmt_if: branches,
  PLpgSQL_stmt_return: () => [],
  PLpgSQL_stmt_raise: (statement, around) => (isNotice(statement) ? [] : around.refuse('raises an exception')),
  PLpgSQL_stmt_execsql: (statement, around) =>
    statement.into ? around.refuse('keeps a result') : one(statementIn(textIn(statement.sqlstmt), around), around),
  PLpgSQL_stmt_perform: (statement, around) => one(statementIn(textIn(statement.expr), around), around),
  PLpgSQL_stmt_dynexecute: (statement, around) => {
    const text = stringOf(expressionTree(textIn(statement.query)));
    return text === undefined ? around.refuse('puts statements together') : one(statementIn(text, around), around);
  },
};

function body(statements: unknown, around: Around): readonly Guarded[] {
  return listOf(statements).flatMap((statement) => {
    const [kind = '', value] = Object.entries(statement)[0] ?? [];
    const read = understood[kind];
    return read ? read(held(value), around) : around.refuse('computes');
  });
}

/** Whether nothing below changes the schema: loops over rows, assignments and data statements only. */
const isDataOnly = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(isDataOnly);
  return Object.entries(held(value)).every(([kind, inner]) => {
    if (kind === 'PLpgSQL_stmt_dynexecute' || kind === 'PLpgSQL_stmt_call' || kind === 'PLpgSQL_stmt_perform')
      return false;
    if (kind !== 'PLpgSQL_stmt_execsql') return isDataOnly(inner);
    return statementsOf(textIn(held(inner).sqlstmt)).every(({ stmt }) => stmt && skippedWord(stmt) !== undefined);
  });
};

const codeOf = (statement: DoStmt, site: Site): string => {
  const options = new Map(elementsOf(statement.args).map((option) => [option.defname ?? '', option.arg]));
  const text = (name: string): string | undefined => {
    const arg = options.get(name);
    return arg && 'String' in arg ? arg.String.sval : undefined;
  };
  const language = text('language') ?? 'plpgsql';
  if (language !== 'plpgsql') onlyServer(`DO in the language ${language} runs code`, 'DO', site);
  return text('as') ?? '';
};

/**
 * The statements of a `DO` block, each with the conditions and exceptions it depends on; none where it only moves data.
 * @throws NeedsServer where the block does more than guard statements
 */
export const readGuards = (statement: DoStmt, site: Site): readonly Guarded[] => {
  const refuse = (what: string): never => onlyServer(`A DO block ${what}`, 'DO', site);
  try {
    const action = plpgsqlOf(`DO ${literal(codeOf(statement, site))}`);
    if (isDataOnly(action)) return [];
    return body([action], { conditions: [], blocks: [], refuse });
  } catch (cause) {
    if (!(cause instanceof DefinitionSyntaxError)) throw cause;
    throw new DefinitionSyntaxError(`${cause.message} of the DO block`, { cause, location: site.location });
  }
};
