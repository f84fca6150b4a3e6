import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What makes one program of the product run. */
export interface ProgramSpec {
  readonly name: string;
  /** Its compiled main file. */
  readonly main: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Gets the process id, so that the run's watchdog ends what a crashed runner leaves behind. */
  readonly folder: string;
}

const keptLines = 3000;
const readyMs = 120_000;
const stopMs = 15_000;

/** A port that was free a moment ago, on loopback. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** A program of the product as a process of its own, started as an operator would. */
export class Program {
  private child: ChildProcess | undefined;
  private exited: Promise<string> = Promise.resolve('never started');
  private running = false;
  private readonly lines: string[] = [];

  constructor(private readonly spec: ProgramSpec) {}

  get name(): string {
    return this.spec.name;
  }

  get url(): string {
    return `http://127.0.0.1:${this.spec.port}`;
  }

  isRunning(): boolean {
    return this.running;
  }

  /** What it said since `clearLog`, and when it came and went. */
  log(): readonly string[] {
    return this.lines;
  }

  clearLog(): void {
    this.lines.length = 0;
  }

  private note(text: string): void {
    for (const line of text.split('\n')) if (line.trim() !== '') this.lines.push(line.slice(0, 2000));
    if (this.lines.length > keptLines) this.lines.splice(0, this.lines.length - keptLines);
  }

  private spawn(env: Readonly<Record<string, string>>): void {
    const { main, folder, port } = this.spec;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: String(port), ...this.spec.env, ...env },
    });
    child.stdout.on('data', (chunk: Buffer) => this.note(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => this.note(chunk.toString()));
    this.running = true;
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
    });
    void this.exited.then((how) => {
      if (this.child === child) this.running = false;
      this.note(`-- ${this.name} ended: ${how}`);
    });
    this.child = child;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'pid'), String(child.pid));
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      return false;
    }
  }

  /** Starts it and waits until it is ready; with `mayDie` also until it is dead. */
  async start(env: Readonly<Record<string, string>> = {}, mayDie = false): Promise<void> {
    if (this.running) throw new Error(`${this.name} runs already`);
    this.note(`-- ${this.name} starts ${JSON.stringify(env)}`);
    this.spawn(env);
    for (const end = Date.now() + readyMs; Date.now() < end; await sleep(100)) {
      if (await this.answers()) return;
      if (!this.running && mayDie) return;
      if (!this.running) break;
    }
    throw new Error(`${this.name} did not become ready:\n${this.lines.slice(-40).join('\n')}`);
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM, as an orchestrator of containers sends it: how it ended, and after how many ms. */
  async drain(withinMs: number): Promise<{ readonly how: string; readonly ms: number }> {
    const begun = performance.now();
    this.child?.kill('SIGTERM');
    const how = await this.death(withinMs);
    return { how, ms: performance.now() - begun };
  }

  /** SIGTERM, and SIGKILL when it does not drain in time. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.child?.kill('SIGTERM');
    const late = setTimeout(() => this.child?.kill('SIGKILL'), stopMs);
    await this.exited;
    clearTimeout(late);
  }

  /** Resolves with the signal when it died by itself. */
  async death(withinMs: number): Promise<string> {
    const waiting = new AbortController();
    const late = sleep(withinMs, undefined, { signal: waiting.signal }).then(
      () => `${this.name} still runs`,
      () => '',
    );
    const how = await Promise.race([this.exited, late]);
    waiting.abort();
    return how;
  }
}
