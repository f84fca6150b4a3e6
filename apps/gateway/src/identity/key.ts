import { ApiProblem, type ApiKey } from '@dsem/api';
import type { Decider } from '@dsem/event-store';
import { keyIssued, keyRevoked, keyRotated, type IdentityEvent } from '@dsem/events';

/** A live or spent secret of a key; only its hash is ever kept. */
export interface KeySecret {
  readonly hash: string;
  /** ISO 8601; set on the older one of a rotation. */
  readonly until?: string;
}

/** An API key as its events tell it. */
export interface KeyState {
  readonly exists: boolean;
  readonly name: string;
  readonly kind: ApiKey['kind'];
  readonly roles: ApiKey['roles'];
  readonly scopes?: readonly string[];
  readonly environments?: readonly string[];
  readonly secrets: readonly KeySecret[];
  readonly expires: string;
  readonly revoked: boolean;
}

export interface IssueKey {
  readonly kind: 'issue-key';
  readonly key: string;
  readonly name: string;
  readonly keyKind: ApiKey['kind'];
  readonly roles: ApiKey['roles'];
  readonly scopes?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly secretHash: string;
  /** ISO 8601. */
  readonly expires: string;
}

export interface RotateKey {
  readonly kind: 'rotate-key';
  readonly key: string;
  readonly secretHash: string;
  readonly previousValidUntil: string;
  readonly expires: string;
}

export interface RevokeKey {
  readonly kind: 'revoke-key';
  readonly key: string;
}

export type KeyCommand = IssueKey | RotateKey | RevokeKey;

const initialState: KeyState = {
  exists: false,
  name: '',
  kind: 'user',
  roles: [],
  secrets: [],
  expires: '',
  revoked: false,
};

const issue = (command: IssueKey, state: KeyState): IdentityEvent[] => {
  const { key, name, keyKind, roles, scopes, environments, secretHash, expires } = command;
  if (state.exists) throw new ApiProblem('DSEM-4002', `key ${key} exists`);
  if (roles.includes('agent') !== (keyKind === 'agent') || (keyKind === 'agent' && roles.length > 1))
    throw new ApiProblem('DSEM-1002', 'the role agent and keys of the kind agent go together, without other roles');
  if (keyKind === 'agent' && environments === undefined)
    throw new ApiProblem('DSEM-1002', 'a key of the kind agent names its environments');
  return [
    keyIssued.of({
      key,
      name,
      kind: keyKind,
      roles: [...roles],
      ...(scopes === undefined ? {} : { scopes: [...scopes] }),
      ...(environments === undefined ? {} : { environments: [...environments] }),
      secretHash,
      expires,
    }),
  ];
};

const known = (command: KeyCommand, state: KeyState): void => {
  if (!state.exists) throw new ApiProblem('DSEM-4001', `no key ${command.key}`);
};

const decide = (command: KeyCommand, state: KeyState): IdentityEvent[] => {
  switch (command.kind) {
    case 'issue-key':
      return issue(command, state);
    case 'rotate-key': {
      known(command, state);
      if (state.revoked) throw new ApiProblem('DSEM-4003', `key ${command.key} was revoked; issue a new one`);
      const { key, secretHash, previousValidUntil, expires } = command;
      return [keyRotated.of({ key, secretHash, previousValidUntil, expires })];
    }
    case 'revoke-key':
      known(command, state);
      return state.revoked ? [] : [keyRevoked.of({ key: command.key })];
    default:
      return command satisfies never;
  }
};

const evolve = (state: KeyState, event: IdentityEvent): KeyState => {
  switch (event.type) {
    case 'KeyIssued': {
      const { name, kind, roles, scopes, environments, secretHash, expires } = event.data;
      return {
        exists: true,
        name,
        kind: kind as KeyState['kind'],
        roles: roles as KeyState['roles'],
        ...(scopes === undefined ? {} : { scopes }),
        ...(environments === undefined ? {} : { environments }),
        secrets: [{ hash: secretHash }],
        expires,
        revoked: false,
      };
    }
    case 'KeyRotated': {
      const { secretHash, previousValidUntil, expires } = event.data;
      const previous = state.secrets.at(-1);
      const kept = previous === undefined ? [] : [{ hash: previous.hash, until: previousValidUntil }];
      return { ...state, secrets: [...kept, { hash: secretHash }], expires };
    }
    case 'KeyRevoked':
      return { ...state, revoked: true };
    default:
      return event satisfies never;
  }
};

/** An API key: at most two secrets live at a time, the older one until its end; a revoked one never comes back. */
export const keyDecider: Decider<KeyState, KeyCommand, IdentityEvent> = { initialState, decide, evolve };
