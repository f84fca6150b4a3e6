/** What a script may rely on (docs/cli.md); the numbers never change their meaning. */
export const exitCodes = {
  fine: { code: 0, meaning: 'Fine, or no change' },
  refused: { code: 1, meaning: 'Error or refusal' },
  changed: { code: 2, meaning: 'Changes or drift are present (diff, drift, plan --exit-code)' },
  incompatible: { code: 3, meaning: 'Incompatible, conflict, lint errors or policy violation' },
  approval: { code: 4, meaning: 'Approval or MFA needed' },
  timedOut: { code: 5, meaning: 'Wait timed out' },
  unreachable: { code: 6, meaning: 'Connection to a database or service failed' },
  usage: { code: 64, meaning: 'The command line was wrong' },
  interrupted: { code: 130, meaning: 'Interrupted' },
} as const satisfies { readonly [name: string]: { readonly code: number; readonly meaning: string } };

export type Exit = keyof typeof exitCodes;

/** Codes of problems that are no plain refusal; everything else ends with `refused`. */
const exitOfProblem: { readonly [code: string]: Exit | undefined } = {
  'DSEM-1015': 'usage',
  'DSEM-3001': 'unreachable',
  'DSEM-4006': 'incompatible',
  'DSEM-4007': 'approval',
  'DSEM-4011': 'incompatible',
  'DSEM-4012': 'incompatible',
  'DSEM-4020': 'incompatible',
  'DSEM-5106': 'approval',
  'DSEM-9002': 'unreachable',
  'DSEM-9003': 'unreachable',
  'DSEM-9004': 'unreachable',
};

/** How a run ends that was refused with a code of the catalogue. */
export const exitOf = (code: string): Exit => exitOfProblem[code] ?? 'refused';
