/** Every topic of the product (architecture.md section 4). Keys are stream ids. */
export const topics = {
  registry: 'registry.events',
  validator: 'validator.events',
  orchestrator: 'orchestrator.events',
  agentCommands: 'agent.commands',
  agent: 'agent.events',
  audit: 'audit.events',
  identity: 'identity.events',
  schemaChanges: 'dsem.schema-changes',
} as const;
