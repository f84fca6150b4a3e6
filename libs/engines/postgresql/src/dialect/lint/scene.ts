import type { Location } from '@dsem/schema';
import type { Node } from '@pgsql/types';
import type { Act } from './acts.js';
import type { Session } from './session.js';
import type { World } from './world/world.js';

/** Where in the script an act stands. */
export interface Spot {
  readonly statement: number;
  readonly location: Location;
  /** The whole statement. */
  readonly tree: Node;
}

/** What a rule may look at beside the act itself: everything as it is just before the act. */
export interface Scene {
  readonly world: World;
  readonly session: Session;
  /** `18`, or `14.2` as 14.02, so that it compares as a number. */
  readonly version: number;
  readonly spot: Spot;
  /** Acts of the same script that come later. */
  readonly later: () => readonly Act[];
  /** The act belongs to a body that does not run now. */
  readonly asleep: boolean;
  /** The act runs inside a block of code, which is a transaction of its own. */
  readonly inBlock: boolean;
}

/** Whether something of the rest of the script is as asked. */
export const comesLater = ({ later }: Scene, is: (act: Act) => boolean): boolean => later().some(is);
