import { Refusal } from '@dsem/schema';

export type Bump = 'major' | 'minor' | 'patch' | 'none';

/** Thrown when a declared number is not a semantic version. */
export class InvalidVersionNumber extends Refusal {
  readonly code = 'DSEM-2008';
  readonly title = 'Not a semantic version';
  readonly fix = 'Declare a number such as 1.4.0, or leave it out and let it be computed.';
}

/** Thrown when the declared number promises less change than the diff holds. */
export class VersionTooSmall extends Refusal {
  readonly code = 'DSEM-2007';
  readonly title = 'The declared version number is too small';
  readonly fix = 'Declare the computed number or a larger one, or leave it out.';
}

type Numbers = readonly [number, number, number];

const numbersOf = (text: string): Numbers => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
};

/** A declared number: parts of at most nine digits, so that counting on from it stays exact. */
const parseVersion = (text: string): Numbers => {
  if (!/^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}$/.test(text))
    throw new InvalidVersionNumber(`"${text.slice(0, 40)}" is not of the form major.minor.patch`);
  return numbersOf(text);
};

const compare = (a: Numbers, b: Numbers): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** The smallest number that says as much as the change does; the first version is 1.0.0. */
export const nextVersion = (current: string | undefined, bump: Bump): string => {
  if (current === undefined) return '1.0.0';
  const [major, minor, patch] = numbersOf(current);
  switch (bump) {
    case 'major':
      return `${major + 1}.0.0`;
    case 'minor':
      return `${major}.${minor + 1}.0`;
    case 'patch':
    case 'none':
      return `${major}.${minor}.${patch + 1}`;
    default:
      return bump satisfies never;
  }
};

/**
 * The number a new version gets: the declared one if it is not below the computed one.
 * @throws InvalidVersionNumber, VersionTooSmall naming the changes that force the bump.
 */
export const chooseVersion = (
  current: string | undefined,
  bump: Bump,
  because: readonly string[],
  declared: string | undefined,
): string => {
  const computed = nextVersion(current, bump);
  if (declared === undefined) return computed;
  const number = parseVersion(declared);
  if (compare(number, numbersOf(computed)) >= 0) return declared;
  const reasons =
    because.length === 0 ? 'there is a version with that number or a larger one' : because.slice(0, 5).join('; ');
  throw new VersionTooSmall(`declared ${declared}, computed ${computed}: ${reasons}`);
};
