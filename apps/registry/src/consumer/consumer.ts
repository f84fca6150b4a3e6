import type { Decider } from '@dsem/event-store';
import { consumerRegistered, consumerRetired, contractDeclared, type ConsumerEvent } from '@dsem/events';
import { Refusal } from '@dsem/schema';

export interface Contract {
  readonly version: string;
  readonly subject: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly environments: readonly string[];
  readonly retired: boolean;
}

export interface ConsumerState {
  readonly exists: boolean;
  readonly name: string;
  readonly contracts: readonly Contract[];
}

export type ConsumerCommand =
  | ({
      readonly kind: 'declare-contract';
      readonly consumer: string;
      readonly owner?: string | undefined;
    } & Omit<Contract, 'retired'>)
  | { readonly kind: 'retire'; readonly version?: string | undefined; readonly reason?: string | undefined };

/** Thrown when a consumer version declares again with other contents. */
export class ContractImmutable extends Refusal {
  readonly code = 'DSEM-4002';
  readonly title = 'The contract of this consumer version is already declared differently';
  readonly fix = 'Declare the new needs under a new consumer version, then retire the old one.';
}

/** Thrown when a command names a consumer that was never registered. */
export class ConsumerNotFound extends Refusal {
  readonly code = 'DSEM-4001';
  readonly title = 'No such consumer';
  readonly fix = 'List the consumers with GET /api/v1/consumers.';
}

const sorted = (values: readonly string[]): string => JSON.stringify([...new Set(values)].sort());
const sameContract = (a: Omit<Contract, 'retired'>, b: Omit<Contract, 'retired'>): boolean =>
  sorted(a.reads) === sorted(b.reads) &&
  sorted(a.writes) === sorted(b.writes) &&
  sorted(a.environments) === sorted(b.environments);

const declare = (
  command: Extract<ConsumerCommand, { kind: 'declare-contract' }>,
  state: ConsumerState,
): readonly ConsumerEvent[] => {
  const { consumer, version, subject, reads, writes, environments, owner } = command;
  const known = state.contracts.find((c) => c.version === version && c.subject === subject);
  if (known !== undefined && sameContract(known, command) && !known.retired) return [];
  if (known !== undefined) throw new ContractImmutable(`${consumer} ${version} already declared its use of ${subject}`);
  const declared = contractDeclared.of({
    consumer,
    version,
    subject,
    reads: [...reads],
    writes: [...writes],
    environments: [...environments],
  });
  return state.exists
    ? [declared]
    : [consumerRegistered.of({ consumer, ...(owner === undefined ? {} : { owner }) }), declared];
};

const retire = (
  command: Extract<ConsumerCommand, { kind: 'retire' }>,
  state: ConsumerState,
): readonly ConsumerEvent[] => {
  if (!state.exists) throw new ConsumerNotFound(`consumer ${state.name || '(unnamed)'} does not exist`);
  const hit = state.contracts.some(
    (c) => !c.retired && (command.version === undefined || c.version === command.version),
  );
  if (!hit) return [];
  return [
    consumerRetired.of({
      consumer: state.name,
      ...(command.version === undefined ? {} : { version: command.version }),
      ...(command.reason === undefined ? {} : { reason: command.reason }),
    }),
  ];
};

const evolve = (state: ConsumerState, event: ConsumerEvent): ConsumerState => {
  switch (event.type) {
    case 'ConsumerRegistered':
      return { ...state, exists: true, name: event.data.consumer };
    case 'ContractDeclared': {
      const { version, subject, reads, writes, environments } = event.data;
      return {
        ...state,
        contracts: [...state.contracts, { version, subject, reads, writes, environments, retired: false }],
      };
    }
    case 'ConsumerRetired': {
      const gone = (c: Contract): boolean => event.data.version === undefined || c.version === event.data.version;
      return { ...state, contracts: state.contracts.map((c) => (gone(c) ? { ...c, retired: true } : c)) };
    }
    default:
      return event satisfies never;
  }
};

/** A service that uses schemas: what each of its versions reads and writes. */
export const consumer: Decider<ConsumerState, ConsumerCommand, ConsumerEvent> = {
  initialState: { exists: false, name: '', contracts: [] },
  decide: (command, state) => {
    switch (command.kind) {
      case 'declare-contract':
        return declare(command, state);
      case 'retire':
        return retire(command, state);
      default:
        return command satisfies never;
    }
  },
  evolve,
};
