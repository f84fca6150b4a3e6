/** Stream ids: `<aggregate>-<id>` (domain.md). */
export const streams = {
  subject: (name: string): string => `subject-${name}`,
  consumer: (name: string): string => `consumer-${name}`,
  assessment: (subject: string, version: string): string => `assessment-${subject}-${version}`,
  environment: (name: string): string => `environment-${name}`,
  migration: (id: string): string => `migration-${id}`,
  rollout: (id: string): string => `rollout-${id}`,
  execution: (rollout: string, environment: string, attempt: number): string =>
    `execution-${rollout}-${environment}-${attempt}`,
  agent: (id: string): string => `agent-${id}`,
  letter: (service: string, id: string): string => `letter-${service}-${id}`,
  key: (id: string): string => `key-${id}`,
} as const;
