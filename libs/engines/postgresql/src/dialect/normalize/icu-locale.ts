/** Keywords of ICU's old spelling `de@collation=phonebook` and what language tags call them. */
const keys: { readonly [keyword: string]: string } = {
  colalternate: 'ka',
  colbackwards: 'kb',
  colcasefirst: 'kf',
  colcaselevel: 'kc',
  collation: 'co',
  colnormalization: 'kk',
  colnumeric: 'kn',
  colreorder: 'kr',
  colstrength: 'ks',
};

const values: { readonly [word: string]: string } = {
  dictionary: 'dict',
  gb2312han: 'gb2312',
  identical: 'identic',
  no: 'false',
  'non-ignorable': 'noignore',
  phonebook: 'phonebk',
  primary: 'level1',
  quaternary: 'level4',
  secondary: 'level2',
  tertiary: 'level3',
  traditional: 'trad',
  yes: 'true',
};

const isKey = (part: string): boolean => /^[a-z0-9][a-z]$/.test(part);

/** Key words of the extension `-u-` in their order; a key without a value means `true`. */
const extension = (parts: readonly string[]): readonly string[] => {
  const held = new Map<string, string[]>();
  for (const part of parts) {
    const [last] = [...held.keys()].slice(-1);
    if (isKey(part)) held.set(part, []);
    else if (last !== undefined) held.get(last)?.push(values[part] ?? part);
  }
  return [...held]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, said]) => [key, ...(said.length > 0 ? said : ['true'])]);
};

const subtag = (part: string, at: number): string => {
  const lower = part.toLowerCase();
  if (at > 0 && /^[a-z]{2}$/.test(lower)) return lower.toUpperCase();
  return at > 0 && /^[a-z]{4}$/.test(lower) ? `${lower[0]?.toUpperCase()}${lower.slice(1)}` : lower;
};

/**
 * A locale of ICU as the language tag that servers from 16 on make of it: `de@collation=phonebook` and `de-u-co-phonebk`
 * are one locale. O(length).
 */
export const icuLocale = (text: string): string => {
  const [tag = '', keywords = ''] = text.split('@');
  const parts = tag.replaceAll('_', '-').split('-');
  const at = parts.findIndex((part) => part.toLowerCase() === 'u');
  const language = (at < 0 ? parts : parts.slice(0, at)).map(subtag);
  const said = (at < 0 ? [] : parts.slice(at + 1)).map((part) => part.toLowerCase());
  const old = keywords.split(';').flatMap((one) => {
    const [keyword = '', value = ''] = one.toLowerCase().split('=');
    return keyword === '' ? [] : [keys[keyword] ?? keyword, value];
  });
  const rest = extension([...said, ...old]);
  return [language.join('-') || 'und', ...(rest.length > 0 ? ['u', ...rest] : [])].join('-');
};
