import { surviving } from '@dsem/event-store';
import pg from 'pg';

/** Whether the namespace alias `n` is the user's; `public` itself stands in every database. */
const own = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'dsem_control')`;

const loose = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype IN ('e', 'i'))`;

/** A row of a catalogue as JSON without object numbers and without what the server counts by itself. */
const facts = (alias: string, ...away: readonly string[]): string =>
  `(to_jsonb(${alias}) ${['oid', ...away].map((name) => `- '${name}'`).join(' ')})::text`;

/** From 18 on the server names NOT NULL after the table where it was said first, which tells of the way and not of the state. */
const constraintName = `CASE WHEN k.contype = 'n' AND k.conname ~ '_not_null[0-9]*$' THEN 'unnamed' ELSE k.conname END`;

/** Options in name order, which is none to the server. */
const sorted = (options: string): string => `(SELECT array_agg(o ORDER BY o)::text FROM unnest(${options}) AS u(o))`;

/** Privileges in the order of their texts, which is none to the server; the default where nothing was ever said. */
const privileges = (acl: string, usual = `'{}'`): string =>
  `(SELECT string_agg(p::text, ',' ORDER BY p::text) FROM unnest(coalesce(${acl}, ${usual})) AS u(p))`;

/** Catalogues whose objects belong to somebody: the column that says to whom, and which of them count. */
const owned: readonly (readonly [catalogue: string, column: string, where: string])[] = [
  ['pg_namespace', 'nspowner', `x.nspname !~ '^pg_'`],
  ['pg_class', 'relowner', `x.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')`],
  ['pg_type', 'typowner', `x.typtype IN ('e', 'd', 'r', 'c')`],
  ['pg_proc', 'proowner', 'true'],
  ['pg_operator', 'oprowner', 'true'],
  ['pg_opclass', 'opcowner', 'true'],
  ['pg_opfamily', 'opfowner', 'true'],
  ['pg_collation', 'collowner', 'true'],
  ['pg_conversion', 'conowner', 'true'],
  ['pg_ts_dict', 'dictowner', 'true'],
  ['pg_ts_config', 'cfgowner', 'true'],
  ['pg_statistic_ext', 'stxowner', 'true'],
  ['pg_publication', 'pubowner', 'true'],
  ['pg_event_trigger', 'evtowner', 'true'],
  ['pg_foreign_data_wrapper', 'fdwowner', 'true'],
  ['pg_foreign_server', 'srvowner', 'true'],
];

/** One line per fact: `kind`, `name`, `text`. Everything is told by the server's own functions. */
const queries: readonly string[] = [
  `SELECT 'schema', n.nspname, ${privileges('n.nspacl', `acldefault('n', n.nspowner)`)} FROM pg_namespace n WHERE ${own} AND n.nspname <> 'public'`,
  `SELECT 'extension', x.extname, x.extversion || ' in ' || n.nspname FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
   WHERE x.extname <> 'plpgsql'`,
  `SELECT 'relation', c.oid::regclass::text, concat_ws(' ', c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity::text,
     c.relforcerowsecurity::text, c.reloptions::text, (SELECT amname FROM pg_am WHERE oid = c.relam AND amname <> 'heap'),
     (SELECT 'of ' || c.reloftype::regtype WHERE c.reloftype <> 0), pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
     (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
     ${privileges('c.relacl', `acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)`)})
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c') AND ${own}
     AND ${loose('pg_class', 'c.oid')}`,
  `SELECT 'column', c.oid::regclass || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
     CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
     'generated ' || nullif(a.attgenerated::text, ''), (SELECT 'collate ' || a.attcollation::regcollation WHERE a.attcollation <> t.typcollation),
     a.attstorage, nullif(to_jsonb(a)->>'attcompression', ''), nullif(coalesce(a.attstattarget, -1), -1)::text, a.attoptions::text,
     ${sorted('a.attfdwoptions')}, ${privileges('a.attacl')}, CASE WHEN NOT a.attislocal THEN 'inherited' END)
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND ${own} AND ${loose('pg_class', 'c.oid')}`,
  `SELECT 'constraint', coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text) || '.' || ${constraintName},
     concat_ws(' ', pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'unchecked' END,
       CASE WHEN k.connoinherit AND k.contype NOT IN ('p', 'u', 'x', 'f') THEN 'no inherit' END)
   FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE ${own} AND k.contype <> 't'
     AND ${loose('pg_class', 'k.conrelid')}`,
  `SELECT 'index', i.indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN 'invalid' END,
     CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END)
   FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own}`,
  `SELECT 'view', c.oid::regclass::text, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('v', 'm') AND ${own} AND ${loose('pg_class', 'c.oid')}`,
  `SELECT 'sequence', s.seqrelid::regclass::text, concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
     s.seqcache, s.seqcycle)
   FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own}`,
  `SELECT 'owned', d.objid::regclass::text, d.deptype::text || ' of ' || d.refobjid::regclass || '.' || a.attname
   FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND ${own}`,
  `SELECT 'type', t.oid::regtype::text, concat_ws(' ', t.typtype, (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder)
       FROM pg_enum e WHERE e.enumtypid = t.oid), CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
     CASE WHEN t.typnotnull THEN 'not null' END, t.typdefault, (SELECT concat_ws(' ', format_type(r.rngsubtype, NULL), r.rngcollation::regcollation,
       r.rngcanonical, r.rngsubdiff) FROM pg_range r WHERE r.rngtypid = t.oid), ${privileges('t.typacl', `acldefault('T', t.typowner)`)})
   FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r') AND ${own} AND ${loose('pg_type', 't.oid')}`,
  `SELECT 'routine', p.oid::regprocedure::text, concat_ws(' ', CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(' ', ${facts('a', 'aggfnoid', 'aggtranstype', 'aggmtranstype', 'aggsortop')},
     format_type(a.aggtranstype, NULL), format_type(a.aggmtranstype, NULL), a.aggsortop::regoperator, pg_get_function_arguments(p.oid)) FROM pg_aggregate a
     WHERE a.aggfnoid = p.oid) ELSE pg_get_functiondef(p.oid) END, ${privileges('p.proacl', `acldefault('f', p.proowner)`)})
   FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${own} AND ${loose('pg_proc', 'p.oid')}`,
  `SELECT DISTINCT 'calls', pg_describe_object(d.classid, d.objid, d.objsubid), d.refobjid::regprocedure::text FROM pg_depend d
     JOIN pg_proc p ON p.oid = d.refobjid JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE d.refclassid = 'pg_proc'::regclass AND d.deptype = 'n' AND ${own} AND ${loose('pg_proc', 'p.oid')}`,
  `SELECT 'trigger', t.tgrelid::regclass || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
   FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND ${own}`,
  `SELECT 'rule', r.ev_class::regclass || '.' || r.rulename, pg_get_ruledef(r.oid) || ' ' || r.ev_enabled::text
   FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND ${own}`,
  `SELECT 'policy', p.polrelid::regclass || '.' || p.polname, concat_ws(' ', p.polcmd, p.polpermissive, (SELECT string_agg(coalesce(r.rolname, 'public'), ','
     ORDER BY r.rolname) FROM unnest(p.polroles) AS u(oid) LEFT JOIN pg_roles r ON r.oid = u.oid), 'using ' || pg_get_expr(p.polqual, p.polrelid),
     'check ' || pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${own}`,
  `SELECT 'statistics', s.stxnamespace::regnamespace || '.' || s.stxname, pg_get_statisticsobjdef(s.oid) || ' ' || coalesce(to_jsonb(s)->>'stxstattarget', '')
   FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${own}`,
  `SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description FROM pg_description d
   WHERE d.objoid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
     AND pg_describe_object(d.classoid, d.objoid, d.objsubid) !~ 'dsem_control'`,
  `SELECT 'event trigger', e.evtname, concat_ws(' ', e.evtevent, e.evtfoid::regprocedure, e.evtenabled, ${sorted('e.evttags')}) FROM pg_event_trigger e`,
  `SELECT 'operator', o.oid::regoperator::text, concat_ws(' ', o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge)
   FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE ${own} AND ${loose('pg_operator', 'o.oid')}`,
  `SELECT 'cast', format_type(k.castsource, NULL) || ' as ' || format_type(k.casttarget, NULL), concat_ws(' ', k.castfunc::regprocedure, k.castcontext, k.castmethod)
   FROM pg_cast k WHERE k.oid >= 16384 AND ${loose('pg_cast', 'k.oid')}`,
  `SELECT 'conversion', n.nspname || '.' || v.conname, concat_ws(' ', v.conforencoding, v.contoencoding, v.conproc, v.condefault) FROM pg_conversion v
   JOIN pg_namespace n ON n.oid = v.connamespace WHERE ${own}`,
  `SELECT 'transform', x.trftype::regtype || ' ' || x.trflang, concat_ws(' ', x.trffromsql, x.trftosql) FROM pg_transform x WHERE ${loose('pg_transform', 'x.oid')}`,
  `SELECT 'operator class', n.nspname || '.' || c.opcname, concat_ws(' ', c.opcmethod, y.opfname, c.opcintype::regtype, c.opcdefault, nullif(c.opckeytype, 0)::regtype)
   FROM pg_opclass c JOIN pg_opfamily y ON y.oid = c.opcfamily JOIN pg_namespace n ON n.oid = c.opcnamespace WHERE ${own} AND ${loose('pg_opclass', 'c.oid')}`,
  `SELECT 'operator family', n.nspname || '.' || y.opfname, concat_ws(' ', y.opfmethod, (SELECT string_agg(concat_ws(' ', m.amopstrategy, m.amoplefttype::regtype,
     m.amoprighttype::regtype, m.amopopr::regoperator, m.amoppurpose, (SELECT b.opfname FROM pg_opfamily b WHERE b.oid = m.amopsortfamily)), ','
     ORDER BY m.amopstrategy, m.amoplefttype::regtype::text, m.amoprighttype::regtype::text) FROM pg_amop m WHERE m.amopfamily = y.oid),
     (SELECT string_agg(concat_ws(' ', p.amprocnum, p.amproclefttype::regtype, p.amprocrighttype::regtype, p.amproc::regprocedure), ','
     ORDER BY p.amprocnum, p.amproclefttype::regtype::text, p.amprocrighttype::regtype::text) FROM pg_amproc p WHERE p.amprocfamily = y.oid))
   FROM pg_opfamily y JOIN pg_namespace n ON n.oid = y.opfnamespace WHERE ${own} AND ${loose('pg_opfamily', 'y.oid')}`,
  `SELECT 'collation', n.nspname || '.' || l.collname, ${facts('l', 'collnamespace', 'collowner', 'collversion')} FROM pg_collation l
   JOIN pg_namespace n ON n.oid = l.collnamespace WHERE ${own} AND ${loose('pg_collation', 'l.oid')}`,
  `SELECT 'publication', p.pubname, ${facts('p', 'pubowner')} FROM pg_publication p`,
  `SELECT 'published', p.pubname, concat_ws(' ', t.schemaname || '.' || t.tablename, to_jsonb(t)->>'rowfilter',
     (SELECT string_agg(a, ', ' ORDER BY a) FROM jsonb_array_elements_text(to_jsonb(t)->'attnames') AS a))
   FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname WHERE t.schemaname <> 'dsem_control'`,
  `SELECT 'foreign data wrapper', w.fdwname, concat_ws(' ', w.fdwhandler::regproc, w.fdwvalidator::regproc, ${sorted('w.fdwoptions')}, ${privileges('w.fdwacl', `acldefault('F', w.fdwowner)`)}) FROM pg_foreign_data_wrapper w
   WHERE ${loose('pg_foreign_data_wrapper', 'w.oid')}`,
  `SELECT 'server', s.srvname, concat_ws(' ', w.fdwname, s.srvtype, s.srvversion, ${sorted('s.srvoptions')}, ${privileges('s.srvacl', `acldefault('S', s.srvowner)`)}) FROM pg_foreign_server s
   JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw`,
  `SELECT 'user mapping', m.srvname || '.' || m.usename, ${sorted('m.umoptions')} FROM pg_user_mappings m`,
  `SELECT 'foreign table', f.ftrelid::regclass::text, concat_ws(' ', s.srvname, ${sorted('f.ftoptions')}) FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver`,
  `SELECT 'text search configuration', n.nspname || '.' || c.cfgname, (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ','
     ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map m WHERE m.mapcfg = c.oid) FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE ${own}`,
  `SELECT 'text search dictionary', n.nspname || '.' || d.dictname, coalesce(d.dictinitoption, '') FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE ${own}`,
  ...owned.map(
    ([catalogue, column, where]) =>
      `SELECT 'owner', pg_describe_object('${catalogue}'::regclass, x.oid, 0), pg_get_userbyid(x.${column}) FROM ${catalogue} x
   WHERE x.oid >= 16384 AND ${where} AND ${loose(catalogue, 'x.oid')} AND pg_describe_object('${catalogue}'::regclass, x.oid, 0) !~ 'dsem_control'`,
  ),
  `SELECT 'default privileges', concat_ws(' ', a.defaclrole::regrole, nullif(a.defaclnamespace, 0)::regnamespace, a.defaclobjtype), ${privileges('a.defaclacl')} FROM pg_default_acl a`,
];

/** Spellings of one meaning that the server keeps apart: brackets around what binds anyway, and the time of day. */
const loosely = (line: string): string =>
  line.replaceAll(/[()]/g, '').replaceAll('CURRENT_TIMESTAMP', 'now').replaceAll(/ {2,}/g, ' ');

/**
 * All that a PostgreSQL database says of its objects, one sorted line per fact, written without any code of the product:
 * what specs compare where the product's own reading must not be the judge. Column order and brackets are left out.
 */
export const postgresqlDump = async (url: string): Promise<readonly string[]> => {
  const client = surviving(new pg.Client({ connectionString: url }));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`SET search_path = ''`);
    const lines: string[] = [];
    for (const text of queries) {
      const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' });
      lines.push(...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))).join(' | ')).map(loosely));
    }
    return lines.sort();
  } finally {
    await client.end();
  }
};
