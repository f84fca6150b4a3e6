/** `definition` of an event trigger. */
export interface EventTriggerDefinition {
  readonly event: string;
  /** Commands that fire it, in capitals and in name order; all where none are named. */
  readonly tags?: readonly string[];
  /** As `spelledName` spells it. */
  readonly function: string;
  /** Absent while it fires as usual. */
  readonly enabled?: 'disabled' | 'replica' | 'always';
}
