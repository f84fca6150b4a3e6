import type { EventStore } from '@dsem/event-store';
import type { Handler, ParkingLot } from '@dsem/messaging';

/** What waits for one service's consumers, and the consumers it can be handed to again. */
export interface ServiceLetters {
  readonly service: string;
  readonly lot: ParkingLot;
  /** The running consumers of this process, by name. */
  readonly handlers: ReadonlyMap<string, Handler>;
}

/** The same with the store that keeps what people did about it. */
export interface AuditedLetters extends ServiceLetters {
  readonly store: EventStore;
  /** Whether some consumers may still be missing because the service is only starting. */
  readonly isStarting: () => boolean;
}
