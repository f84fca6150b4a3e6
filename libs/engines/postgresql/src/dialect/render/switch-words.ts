/** How triggers, event triggers and rules are switched on and off, by the state they shall have. */
export const switchWords = {
  disabled: 'DISABLE',
  replica: 'ENABLE REPLICA',
  always: 'ENABLE ALWAYS',
  usual: 'ENABLE',
} as const;

/** The state of a trigger, an event trigger or a rule. */
export type SwitchState = keyof typeof switchWords;
