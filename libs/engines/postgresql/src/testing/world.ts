/** One version of an application's schema, and the way back to the one before. */
export interface Version {
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** What a history is about: the words its objects are named with. */
export interface Subject {
  readonly seed: number;
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  readonly labels: readonly string[];
}

export interface Column {
  name: string;
  type: string;
  default?: string;
  required: boolean;
  /** Named by an index, a constraint or a view. */
  used: boolean;
}

export interface Table {
  schema: string;
  name: string;
  columns: Column[];
  indexes: { name: string; on: string }[];
  constraints: string[];
  /** Views read it. */
  seen: boolean;
  readonly path: string;
}

/** What a history has made so far. */
export interface World {
  readonly subject: Subject;
  readonly tables: Table[];
  readonly types: { name: string; labels: string[] }[];
  readonly views: { name: string; columns: string[] }[];
  readonly schemas: string[];
  /** A name that no object had before. */
  readonly fresh: (word: string) => string;
}

/** A world before its first version. */
export const worldOf = (subject: Subject): World => {
  const counts = new Map<string, number>();
  const fresh = (word: string): string => {
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    return count === 1 ? word : `${word}_${count}`;
  };
  return { subject, tables: [], types: [], views: [], schemas: ['public'], fresh };
};

/** A table with its path as it is at the time. */
export const tableIn = (schema: string, name: string, columns: Column[]): Table => ({
  schema,
  name,
  columns,
  indexes: [],
  constraints: [],
  seen: false,
  get path() {
    return this.schema === 'public' ? this.name : `${this.schema}.${this.name}`;
  },
});
