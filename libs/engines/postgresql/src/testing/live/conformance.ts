import { type ConformanceCase, driverConformance, engineConformance } from '@dsem/engine/testing';
import {
  describeWithServer,
  linesIn,
  postgresqlDump,
  server,
  type TxtarCase,
  txtarCases,
  useRoles,
} from '@dsem/testkit';
import { join } from 'node:path';
import { postgresqlDialect as dialect } from '../../dialect/index.js';
import { postgresqlDriver as driver } from '../../driver/index.js';
import { execute, planned } from './way.js';

const caseOf = ({ name, files }: TxtarCase): ConformanceCase => ({
  name: name.replace('.txtar', ''),
  from: files['from.sql'] ?? '',
  to: files['to.sql'] ?? '',
  ...(files['unsupported'] === undefined ? {} : { unsupported: files['unsupported'].trim() }),
  ...(files['irreversible'] === undefined ? {} : { irreversible: files['irreversible'].trim() }),
});

const files = txtarCases(join(__dirname, '../../../testdata/changes'));

/** A case may say the first version that knows what it is about. */
const casesOf = (major: number): readonly ConformanceCase[] =>
  files.filter((file) => Number(file.files['since'] ?? 0) <= major).map(caseOf);

const suite = (major: number): void => {
  const createDatabase = async () => (await server('postgresql', { major })).createDatabase();

  useRoles(major, linesIn(files, 'roles'));

  driverConformance('the driver', { driver, createDatabase });
  const version = String(major);
  const cases = casesOf(major);
  const under = { dialect, driver, version, createDatabase, execute, dump: postgresqlDump, plan: planned(version) };
  engineConformance('dialect and driver', cases, under);
};

/** Every case of `testdata/changes` on a server of that version: one spec file each, so that they run side by side. */
export const conformanceOn = (major: number): void =>
  describeWithServer('postgresql', `conformance on PostgreSQL ${major}`, () => suite(major), major);
