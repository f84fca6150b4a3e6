import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope } from '@dsem/events';
import { openSpool, type Spool } from './spool.js';

const envelope = (id: string, sequence = 0): Envelope => ({
  specversion: '1.0',
  id,
  source: 'test',
  type: 'dsem.StepStarted.v1',
  subject: 's',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  sequence,
  tenant: 'default',
  actor: 'agent:a1',
  correlationid: 'c',
  causationid: 'c',
  data: { text: 'ü"\n' },
});
const command = (execution: string, environment = 'eu') => ({ execution, environment, command: envelope(execution) });

describe('the spool of an agent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dsem-spool-'));
  const file = join(folder, 'deep', 'spool.db');
  let spool: Spool;

  const restart = (): void => {
    spool.close();
    spool = openSpool(file);
  };
  beforeEach(() => {
    spool = openSpool(file);
  });
  afterEach(() => {
    spool.close();
    rmSync(join(folder, 'deep'), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lies in a folder of its own that others cannot read', () => {
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
  });

  it('takes a command on once, also after a restart and after its end', () => {
    expect(spool.take(command('e1'))).toBe(true);
    expect(spool.take(command('e1'))).toBe(false);
    restart();
    expect(spool.take(command('e1'))).toBe(false);
    spool.finish('e1');
    expect(spool.take(command('e1'))).toBe(false);
    expect(spool.open()).toEqual([]);
  });

  it('remembers what has not ended, oldest first, as it came', () => {
    for (const execution of ['e1', 'e2', 'e3']) spool.take(command(execution));
    spool.finish('e2');
    restart();
    expect(spool.open()).toEqual([command('e1'), command('e3')]);
  });

  it('counts each key from one, without gaps, also after delivery and restart', () => {
    const told: number[] = [];
    const tell = (key: string): void =>
      spool.tell(key, (sequence) => {
        told.push(sequence);
        return envelope(`${key}-${sequence}`, sequence);
      });
    tell('x');
    tell('y');
    tell('x');
    spool.delivered(spool.pending(10).at(-1)?.seq ?? 0);
    restart();
    tell('x');
    expect(told).toEqual([1, 1, 2, 3]);
  });

  it('counts nothing when the event could not be made', () => {
    const broken = (): Envelope => {
      throw new Error('no event');
    };
    expect(() => spool.tell('x', broken)).toThrow('no event');
    spool.tell('x', (sequence) => envelope('x', sequence));
    expect(spool.pending(10).map((event) => event.envelope.sequence)).toEqual([1]);
  });

  it('keeps events in order until they are delivered, across restarts', () => {
    for (const id of ['a', 'b', 'c', 'd']) spool.tell('x', (sequence) => envelope(id, sequence));
    expect(spool.pending(2).map((event) => event.envelope.id)).toEqual(['a', 'b']);
    spool.delivered(spool.pending(2).at(-1)?.seq ?? 0);
    restart();
    expect(spool.pending(10).map(({ key, envelope: { id, data } }) => [key, id, data])).toEqual([
      ['x', 'c', envelope('c').data],
      ['x', 'd', envelope('d').data],
    ]);
  });

  it('never gives a later event the number of one that was delivered', () => {
    spool.tell('x', (sequence) => envelope('a', sequence));
    const first = spool.pending(1)[0]?.seq ?? 0;
    spool.delivered(first);
    restart();
    spool.tell('x', (sequence) => envelope('b', sequence));
    expect(spool.pending(1)[0]?.seq).toBeGreaterThan(first);
  });

  it('lives in memory when it is told to', () => {
    const memory = openSpool(':memory:');
    memory.take(command('e1'));
    expect(memory.open()).toHaveLength(1);
    memory.close();
  });
});
