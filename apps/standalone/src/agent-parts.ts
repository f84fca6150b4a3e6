import type { AgentConfig } from '@dsem/environment-agent';
import { migrateBus, migrateConsumer, postgresBus, postgresParking, type Bus, type ParkingLot } from '@dsem/messaging';
import {
  databaseNames,
  immutableClient,
  mintServiceToken,
  openPool,
  prepareServiceDatabase,
  watchParked,
  type ImmutableClient,
  type TokenKey,
} from '@dsem/service-host';

/** A bus, and where what came over it and could not be handled lies. */
export interface AgentBus {
  readonly bus: Bus;
  readonly letters: ParkingLot;
  readonly close: () => Promise<void>;
}

/** The agent's own place on the PostgreSQL bus: its own role and schema, apart from the services'. */
export const openAgentBus = async (databaseUrl: string): Promise<AgentBus> => {
  const names = databaseNames('environment-agent');
  await prepareServiceDatabase({
    ...names,
    adminUrl: databaseUrl,
    parts: [
      (owner, { schema, role }) => migrateConsumer(owner, { schema, serviceRole: role }),
      (owner, { role }) => migrateBus(owner, { schema: 'bus', serviceRole: role }),
    ],
  });
  const pool = openPool(databaseUrl, names, 4);
  const lot = postgresParking({ pool, schema: names.schema });
  const bus = postgresBus({ pool, schema: 'bus', parking: lot });
  const unwatch = watchParked([{ service: 'environment-agent', lot, handlers: new Map() }]);
  return {
    bus,
    letters: lot,
    close: async () => {
      unwatch();
      await bus.close();
      await pool.end();
    },
  };
};

/** How the agent in this process reads plans: over the same HTTP interface as one far away. */
export const agentControlPlane = (address: () => string, config: AgentConfig, tokenKey: TokenKey): ImmutableClient => {
  const environments = config.environments.map(({ name }) => name);
  const principal = { id: config.agent, kind: 'agent', tenant: 'default', roles: ['agent'], environments } as const;
  return immutableClient({
    baseUrl: address,
    bearer: () => mintServiceToken({ ...principal, roles: [...principal.roles] }, 'orchestrator', tokenKey),
  });
};
