import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { openAudit } from '@dsem/audit';
import { openGateway } from '@dsem/gateway';
import { openOrchestrator } from '@dsem/orchestrator';
import { openRegistry } from '@dsem/registry';
import type { Infrastructure, RunningService } from '@dsem/service-host';
import { openValidator } from '@dsem/validator';
import type { Logger } from 'pino';
import { openAgentBus } from './agent-parts.js';

/** Opening a service brings its part of the database to the current version; these keys sign nothing. */
const openers = (infrastructure: Infrastructure): readonly (() => Promise<RunningService>)[] => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return [
    () => openGateway(infrastructure),
    () => openRegistry(infrastructure),
    () => openValidator(infrastructure),
    () => openOrchestrator(infrastructure, privateKey),
    () => openAudit(infrastructure, { key: privateKey }),
  ];
};

/** Brings the product's own database to the current version without starting anything. May be repeated. */
export const migrateAll = async (
  databaseUrl: string,
  logger: Logger,
  onDone: (service: string) => void,
): Promise<void> => {
  const addressOf = (): string => 'http://127.0.0.1';
  const tokenKey = randomBytes(32);
  const infrastructure: Infrastructure = { databaseUrl, bus: { kind: 'postgres' }, tokenKey, addressOf, logger };
  for (const open of openers(infrastructure)) {
    const { context } = await open();
    await context.close();
    onDone(context.service);
  }
  const agent = await openAgentBus(databaseUrl);
  await agent.close();
  onDone('environment-agent');
};
