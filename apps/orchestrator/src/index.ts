export { openOrchestrator, OrchestratorModule } from './orchestrator.module.js';
