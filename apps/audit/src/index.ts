export { AuditModule, openAudit, type AuditOptions } from './audit.module.js';
