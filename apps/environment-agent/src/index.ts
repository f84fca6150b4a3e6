export { handOverMs, startAgent, type AgentOptions, type RunningAgent } from './agent.js';
export { InvalidAgentConfig, readAgentConfig, type AgentConfig, type ServedEnvironment } from './config.js';
