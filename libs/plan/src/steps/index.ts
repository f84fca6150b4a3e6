import type { Change } from '@dsem/schema';
import type { Operation, Recipe } from '../operation.js';
import { withAccess } from './access.js';
import { withCarried } from './carried.js';
import { addColumn, plain } from './column.js';
import { addCheck, addForeignKey, alterConstraint } from './constraint.js';
import { changeIndex } from './index-build.js';
import { changeKey } from './key.js';
import { setNotNull } from './not-null.js';
import { withBundles } from './bundle.js';
import { withNumbering } from './numbering.js';
import { withOwners } from './owner.js';
import { movePartition } from './partition.js';
import { changeSequence } from './sequence.js';
import { createTable, dropTable } from './table.js';
import { alterType } from './type.js';
import { alterView } from './view.js';
import { withAsides } from './aside.js';

/** One change as the operations that carry it out safely; most changes are one operation. */
const recipeOf = (change: Change, origin: number, recipe: Recipe): readonly Operation[] => {
  switch (change.kind) {
    case 'create-table':
      return createTable(change, origin, recipe);
    case 'drop-table':
      return dropTable(change, origin, recipe);
    case 'add-column':
      return addColumn(change, origin, recipe);
    case 'alter-view':
      return alterView(change, origin);
    case 'attach-partition':
    case 'detach-partition':
      return movePartition(change, origin, recipe);
    case 'create-sequence':
    case 'drop-sequence':
    case 'alter-sequence':
      return changeSequence(change, origin);
    case 'alter-type':
      return alterType(change, origin, recipe);
    case 'set-not-null':
      return setNotNull(change, origin, recipe);
    case 'add-foreign-key':
      return addForeignKey(change, origin, recipe);
    case 'add-check':
      return addCheck(change, origin, recipe);
    case 'alter-foreign-key':
    case 'alter-check':
      return alterConstraint(change, origin);
    case 'add-unique':
    case 'add-primary-key':
    case 'drop-unique':
    case 'drop-primary-key':
      return changeKey(change, origin, recipe);
    case 'create-index':
    case 'drop-index':
      return changeIndex(change, origin, recipe);
    default:
      return [plain(change, origin, recipe)];
  }
};

/** All operations of a plan, not yet in order. */
export const expand = (recipe: Recipe): readonly Operation[] =>
  withAccess(
    withOwners(
      withAsides(
        withBundles(
          withNumbering(
            withCarried(recipe, (change, origin) => recipeOf(change, origin, recipe)),
            recipe,
          ),
          recipe,
        ),
        recipe,
      ),
    ),
    recipe,
  );
