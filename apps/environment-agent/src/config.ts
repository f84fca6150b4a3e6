import { readFileSync } from 'node:fs';
import { engineOfUrl, hasDriver } from '@dsem/catalogue/drivers';
import { nameShape, Refusal, type EngineName } from '@dsem/schema';
import { z } from 'zod';

/** One environment that the agent serves: the only place where its database's credentials stand. */
export interface ServedEnvironment {
  readonly name: string;
  readonly engine: EngineName;
  readonly url: string;
}

export interface AgentConfig {
  readonly agent: string;
  readonly environments: readonly ServedEnvironment[];
}

/** Thrown when the agent's configuration cannot be used; never shows a database URL. */
export class InvalidAgentConfig extends Refusal {
  readonly code = 'DSEM-1017';
  readonly title = 'The configuration is not valid';
  readonly fix = 'Correct DSEM_AGENT_CONFIG; docs/configuration.md shows its form.';
}

const shape = z.strictObject({
  agent: nameShape,
  environments: z
    .array(z.strictObject({ name: nameShape, url: z.string().min(1).max(2000) }))
    .min(1)
    .max(1000),
});

const served = ({ name, url }: { name: string; url: string }): ServedEnvironment => {
  const engine = engineOfUrl(url);
  if (engine === undefined) throw new InvalidAgentConfig(`the URL of environment ${name} belongs to no known engine`);
  if (!hasDriver(engine))
    throw new InvalidAgentConfig(`environment ${name} is a database of ${engine}, for which there is no driver yet`);
  return { name, engine, url };
};

/**
 * Reads `{agent, environments: [{name, url}]}`, given as JSON or as the path of a file that holds it.
 * @throws InvalidAgentConfig
 */
export const readAgentConfig = (value: string): AgentConfig => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.trimStart().startsWith('{') ? value : readFileSync(value, 'utf8'));
  } catch {
    // The parser's own message quotes the text around the fault, which may be a database URL: it is not kept.
    throw new InvalidAgentConfig('DSEM_AGENT_CONFIG is neither JSON nor a readable file with JSON');
  }
  const result = shape.safeParse(parsed);
  if (!result.success) {
    const where = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new InvalidAgentConfig(`DSEM_AGENT_CONFIG: ${where}`);
  }
  const names = result.data.environments.map((environment) => environment.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidAgentConfig(`environment ${twice} is named twice`);
  return { agent: result.data.agent, environments: result.data.environments.map(served) };
};
