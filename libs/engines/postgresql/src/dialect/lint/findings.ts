import { type LintInput, milder, ruleDocs, severityOf } from '@dsem/engine';
import type { Finding, HazardClass, Location, Severity } from '@dsem/schema';
import type { Full } from '../parse/names.js';
import type { Hit, ScriptRule } from './rule.js';
import { isFreshObject } from './about/objects.js';
import { isAbsent, tableIn, type World } from './world/world.js';

/** Below both a scan, a build or a rewrite takes no time worth an outage (engines.md section 7). */
const small = { rows: 10_000, bytes: 64 * 1024 * 1024 };
/** A table without rows, with the pages its indexes have from the start. */
const empty = { rows: 0, bytes: 1024 * 1024 };

/** What a body that does not run now can do when it does. */
const lasting: ReadonlySet<HazardClass> = new Set(['data-loss', 'lock', 'rewrite']);

/** Where a hit was found. */
export interface Found {
  readonly statement: number;
  readonly location: Location;
  /** Of the table before the act. */
  readonly world: World;
  readonly asleep: boolean;
  /** The routine that is called here, or whose body it is. */
  readonly within?: string;
}

const spared = (rule: ScriptRule, table: Full | undefined, world: World): boolean => {
  if (!table) return false;
  if (isFreshObject(world, table) || isAbsent(world, table)) return true;
  const { size } = tableIn(world, table);
  return rule.scales === true && size !== undefined && size.rows <= empty.rows && size.bytes <= empty.bytes;
};

const isSmall = (table: Full | undefined, world: World): boolean => {
  const size = table && tableIn(world, table).size;
  return size !== undefined && size.rows < small.rows && size.bytes < small.bytes;
};

const severityFor = (rule: ScriptRule, hit: Hit, found: Found, asked: LintInput['severities']): Severity | 'off' => {
  const ruled = severityOf(rule, asked);
  if (ruled === 'off' || (found.asleep && !lasting.has(rule.hazard) && rule.ofBodies !== true)) return 'off';
  const own = asked !== undefined && Object.hasOwn(asked, rule.id) ? ruled : (hit.severity ?? ruled);
  const sized = rule.scales === true && isSmall(hit.table, found.world) ? milder(own, 'info') : own;
  return found.asleep ? milder(sized, 'warning') : sized;
};

const inside = ({ asleep, within }: Found): string => {
  if (within === undefined) return '';
  return asleep ? ` (when ${within} runs)` : ` (in ${within}, which is called here)`;
};

/** The finding of a hit; nothing when the script's own table, an override or an empty table spares it. */
export const findingOf = (
  rule: ScriptRule,
  hit: Hit,
  found: Found,
  asked: LintInput['severities'],
): readonly Finding[] => {
  const severity = severityFor(rule, hit, found, asked);
  if (severity === 'off' || spared(rule, hit.table, found.world)) return [];
  return [
    {
      rule: rule.id,
      severity,
      hazard: rule.hazard,
      object: hit.object,
      message: `${hit.message}${inside(found)}.`,
      why: rule.why,
      fix: hit.fix ?? rule.fix,
      docs: ruleDocs(rule.id),
      location: hit.at ?? found.location,
      statement: hit.statement ?? found.statement,
    },
  ];
};
