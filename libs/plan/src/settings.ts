import type { Dialect } from '@dsem/engine';

/** What a step is rendered with. */
export interface Settings {
  readonly dialect: Dialect;
  readonly version: string;
  readonly style: 'online' | 'offline';
  /** The table is made by this plan: nobody waits for it and it holds no rows. */
  readonly quiet: boolean;
}
