/** Types that the usual extensions bring, so that a name without a schema finds the schema of its extension. */
const types: { readonly [extension: string]: readonly string[] } = {
  citext: ['citext'],
  cube: ['cube'],
  earthdistance: ['earth'],
  hstore: ['hstore'],
  intarray: ['query_int'],
  isn: ['ean13', 'isbn', 'isbn13', 'ismn', 'ismn13', 'issn', 'issn13', 'upc'],
  ltree: ['ltree', 'lquery', 'ltxtquery'],
  postgis: ['box2d', 'box3d', 'geography', 'geometry', 'geometry_dump', 'spheroid'],
  postgis_raster: ['raster'],
  seg: ['seg'],
  vector: ['vector', 'halfvec', 'sparsevec'],
};

const extensions = new Map(
  Object.entries(types).flatMap(([extension, names]) => names.map((name) => [name, extension] as const)),
);

/** The extension that brings a type of this name; undefined for every other name. */
export const extensionOfType = (name: string): string | undefined => extensions.get(name);
