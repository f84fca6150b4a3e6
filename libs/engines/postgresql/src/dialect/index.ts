export { dialectDiff, typeChange } from './diff.js';
export { normalize } from './normalize.js';
export { parse } from './parse.js';
export type {
  ColumnAttributes,
  ConstraintAttributes,
  IndexAttributes,
  IndexKeyAttributes,
  TableAttributes,
  ViewAttributes,
} from './types.js';
