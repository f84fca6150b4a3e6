import { serviceNameOf } from './telemetry.js';

describe('the name of a process in traces and metrics', () => {
  it.each([
    ['/srv/dsem/apps/registry/dist/main.js', 'dsem-registry'],
    ['apps/environment-agent/dist/main.js', 'dsem-environment-agent'],
    ['C:\\dsem\\apps\\standalone\\dist\\main.js', 'dsem-standalone'],
    ['/usr/local/bin/other.js', 'dsem-process'],
    ['', 'dsem-process'],
  ])('of %s is %s', (program, name) => {
    expect(serviceNameOf(program)).toBe(name);
  });
});
