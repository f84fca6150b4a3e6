import type { CollationDefinition } from '../collations.js';
import { definition, definitionOf } from '../objects.js';
import { placed } from '../types.js';
import { icuLocale } from './icu-locale.js';
import type { Normalizer } from './object.js';

const localeOf = ({ provider, locale, lcCollate, lcCtype }: CollationDefinition): CollationDefinition => {
  if (provider === 'icu') return { provider, locale: icuLocale(locale ?? lcCollate ?? '') };
  if (provider !== undefined) return { provider, ...(locale === undefined ? {} : { locale }) };
  const [collate, ctype] = [lcCollate ?? locale ?? '', lcCtype ?? locale ?? ''];
  return collate === ctype ? { locale: collate } : { lcCollate: collate, lcCtype: ctype };
};

/** A collation: one locale where both halves are the same, ICU's as a language tag. */
export const collationNormalizer: Normalizer = (object) => {
  const given = definitionOf<CollationDefinition>(object);
  return {
    ...object,
    ...placed(object),
    definition: definition({
      ...localeOf(given),
      deterministic: given.deterministic,
      rules: given.rules,
    }),
  };
};
