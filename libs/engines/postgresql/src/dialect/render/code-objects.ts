import { type EngineObject, equal } from '@dsem/schema';
import type { Called, CastDefinition, ConversionDefinition, TransformDefinition } from '../code-objects.js';
import { finding } from '../hazards.js';
import { identifier, literal, qualified } from '../identifiers.js';
import { definitionOf, objectKinds } from '../objects.js';
import { hazardRules } from '../rules.js';
import { nameSpelled } from '../text-search.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { operatorRenderer } from './operators.js';
import { locks, statement } from './statement.js';

/** How a kind is made and named; what cannot change in place is made anew. */
interface Written {
  readonly target: (object: EngineObject) => string;
  readonly text: (object: EngineObject) => string;
  /** The statement that puts another definition in place, where there is one. */
  readonly replaced?: (object: EngineObject) => string;
}

const rendererOf = ({ target, text, replaced }: Written): ObjectRenderer => ({
  create: ({ value }) => [statement(text(value), { lock: locks.none }), ...commentOn(target(value), value.comment)],
  drop: ({ value, object }) => [
    statement(`DROP ${target(value)}`, {
      lock: locks.none,
      hazards: [finding(hazardRules.dropOperator, object, `${object} is dropped.`)],
    }),
  ],
  alter: ({ from, to, object }) => {
    const comments = commentOn(target(to), to.comment, from.comment);
    if (equal(from.definition, to.definition)) return comments;
    const hazards = [finding(hazardRules.changeOperator, object, `${object} changes.`)];
    if (replaced) return [statement(replaced(to), { lock: locks.none, hazards }), ...comments];
    return [
      statement(`DROP ${target(from)}`, { lock: locks.none, hazards }),
      statement(text(to), { lock: locks.none }),
      ...commentOn(target(to), to.comment),
    ];
  },
});

const calledText = ({ function: name, arguments: types }: Called): string =>
  `FUNCTION ${qualified(nameSpelled(name))}(${types.join(', ')})`;

const castText = (object: EngineObject): string => {
  const { source, target, with: called, inout, context } = definitionOf<CastDefinition>(object);
  const how = called ? `WITH ${calledText(called)}` : inout ? 'WITH INOUT' : 'WITHOUT FUNCTION';
  return `CREATE CAST (${source} AS ${target}) ${how}${context ? ` AS ${context.toUpperCase()}` : ''}`;
};

const castTarget = (object: EngineObject): string => {
  const { source, target } = definitionOf<CastDefinition>(object);
  return `CAST (${source} AS ${target})`;
};

const conversionTarget = ({ namespace, name }: EngineObject): string =>
  `CONVERSION ${qualified({ namespace: namespace ?? 'public', name })}`;

const conversionText = (object: EngineObject): string => {
  const { from, to, function: called, default: isDefault } = definitionOf<ConversionDefinition>(object);
  return `CREATE ${isDefault ? 'DEFAULT ' : ''}${conversionTarget(object)} FOR ${literal(from)} TO ${literal(to)} FROM ${qualified(nameSpelled(called))}`;
};

const transformTarget = (object: EngineObject): string => {
  const { type, language } = definitionOf<TransformDefinition>(object);
  return `TRANSFORM FOR ${type} LANGUAGE ${identifier(language)}`;
};

const transformText =
  (create: string) =>
  (object: EngineObject): string => {
    const { fromSql, toSql } = definitionOf<TransformDefinition>(object);
    const parts = [
      ...(fromSql ? [`FROM SQL WITH ${calledText(fromSql)}`] : []),
      ...(toSql ? [`TO SQL WITH ${calledText(toSql)}`] : []),
    ];
    return `${create} ${transformTarget(object)} (${parts.join(', ')})`;
  };

/** Of operators, casts, conversions and transforms. */
export const codeRenderers: { readonly [kind: string]: ObjectRenderer } = {
  [objectKinds.operator.kind]: operatorRenderer,
  [objectKinds.cast.kind]: rendererOf({ target: castTarget, text: castText }),
  [objectKinds.conversion.kind]: rendererOf({ target: conversionTarget, text: conversionText }),
  [objectKinds.transform.kind]: rendererOf({
    target: transformTarget,
    text: transformText('CREATE'),
    replaced: transformText('CREATE OR REPLACE'),
  }),
};
