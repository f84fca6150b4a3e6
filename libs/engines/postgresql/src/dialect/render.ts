import type { RenderContext, Statement } from '@dsem/engine';
import type { Change, ChangeKind } from '@dsem/schema';
import { columnRenderers } from './render/columns.js';
import { constraintRenderers } from './render/constraints.js';
import { withoutDefaults } from './render/default-privileges.js';
import { objectRenderers } from './render/objects.js';
import { indexRenderers } from './render/indexes.js';
import { accessRenderers } from './render/owners.js';
import { familyRenderers } from './render/partitions.js';
import { policyRenderers } from './render/policies.js';
import { routineRenderers } from './render/routines.js';
import { schemaRenderers } from './render/schemas.js';
import { sequenceRenderers } from './render/sequences.js';
import type { Renderer, Renderers } from './render/statement.js';
import { tableRenderers } from './render/tables.js';
import { triggerRenderers } from './render/triggers.js';
import { typeRenderers } from './render/types.js';
import { checkVersion } from './render/version.js';
import { viewRenderers } from './render/views.js';

const renderers: Renderers<ChangeKind> = {
  ...schemaRenderers,
  ...typeRenderers,
  ...sequenceRenderers,
  ...tableRenderers,
  ...familyRenderers,
  ...columnRenderers,
  ...constraintRenderers,
  ...indexRenderers,
  ...viewRenderers,
  ...objectRenderers,
  ...policyRenderers,
  ...accessRenderers,
  ...routineRenderers,
  ...triggerRenderers,
};

/**
 * The statements of one atomic change against the state before it.
 * @throws UnsupportedChange naming the object.
 */
export const render = (change: Change, context: RenderContext): readonly Statement[] => {
  checkVersion(change, context);
  return [...(renderers[change.kind] as Renderer<ChangeKind>)(change, context), ...withoutDefaults(change, context)];
};
