// A process of its own for specs that kill it: runs the plan in the file argv[2] against the database argv[3].
import { readFileSync } from 'node:fs';
import { driverFor } from '@dsem/catalogue/drivers';
import { executePlan } from '../src/execution/execute.ts';
import { failpointFrom } from '../src/execution/failpoint.ts';

const [, , planFile, url, execution] = process.argv;
const driver = await driverFor('postgresql');
const result = await executePlan({
  plan: JSON.parse(readFileSync(planFile, 'utf8')),
  direction: 'forward',
  execution,
  subject: 'shop',
  version: '2.0.0',
  holder: `child ${process.pid}`,
  connect: (applicationName) => driver.connect(url, { applicationName }),
  onEvent: (event) => console.log(JSON.stringify(event)),
  failpoint: failpointFrom(process.env.DSEM_FAILPOINT),
});
console.log(JSON.stringify(result));
