import type { Node } from '@pgsql/types';
import type { ObjectName } from '@dsem/schema';
import { type ObjectKind, objectKinds } from '../objects.js';
import { castIn, operatorIn, transformIn } from './code-objects.js';
import { methodKey } from '../operator-classes.js';
import { nameOfNode } from './names.js';
import { nameIn } from './objects.js';
import { methodNamed } from './operator-classes.js';

/** How statements name objects whose names tell more than what the user called them. */
const named: { readonly [kind: string]: ((node: Node | undefined) => ObjectName) | undefined } = {
  [objectKinds.operator.kind]: operatorIn,
  [objectKinds.operatorClass.kind]: methodNamed,
  [objectKinds.operatorFamily.kind]: methodNamed,
  [objectKinds.cast.kind]: castIn,
  [objectKinds.transform.kind]: transformIn,
};

/** The name of the object of a kind that a node names. */
export const namedBy = (kind: ObjectKind, node: Node | undefined): ObjectName =>
  named[kind.kind]?.(node) ?? nameIn(kind, nameOfNode(node));

/** The name of an object of a kind after RENAME. */
export const renamedAs = (kind: ObjectKind, name: ObjectName, to: string): ObjectName => {
  const isOfMethod = [objectKinds.operatorClass.kind, objectKinds.operatorFamily.kind].some((one) => one === kind.kind);
  const method = name.name.slice(name.name.lastIndexOf(' ') + 1);
  return { ...name, name: isOfMethod ? methodKey(to, method) : to };
};
