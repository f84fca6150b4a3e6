import type { PreflightCheck } from './check.js';

/** Statements printed for a newer server may not be understood, or lock harder, on an older one. */
export const serverVersion: PreflightCheck = {
  id: 'server-version',
  check: (view) =>
    Number.parseFloat(view.serverVersion) < Number.parseFloat(view.plannedVersion)
      ? {
          severity: 'refusal',
          code: 'SERVER_TOO_OLD',
          why: `The plan is made for version ${view.plannedVersion}, the server has ${view.serverVersion}: cancel this migration and create it anew, which plans for that version.`,
        }
      : undefined,
};
