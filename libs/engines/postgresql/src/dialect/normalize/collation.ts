/** The collation as the model writes it: `C`, or `schema.name` outside pg_catalog; the default is left out. */
export const collationText = (parts: readonly string[]): string | undefined => {
  const [name, namespace] = [parts.at(-1) ?? '', parts.length > 1 ? parts.at(-2)! : 'pg_catalog'];
  if (namespace !== 'pg_catalog') return `${namespace}.${name}`;
  return name === 'default' ? undefined : name;
};
