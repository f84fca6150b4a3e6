import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Which way bytes flow through the proxy. */
export type Direction = 'toServer' | 'toClient';

/** What goes wrong; may be changed while connections are open. Nothing set: bytes pass unchanged. */
export interface Faults {
  /** Delay of every chunk, in ms, each way. */
  readonly latencyMs?: number;
  /** Bytes of these directions vanish, and so does the news that the other side is gone (a half-open connection). */
  readonly blackhole?: readonly Direction[];
  /** Resets a connection when so many bytes went that way since the fault was set; the bytes before still arrive. */
  readonly cutAfter?: { readonly direction: Direction; readonly bytes: number };
  /** Hands chunks on in pieces of at most so many bytes. */
  readonly slice?: number;
  /** Resets every new connection. */
  readonly refuse?: boolean;
}

/** A TCP proxy in front of a real server. */
export interface FaultProxy {
  readonly port: number;
  /** The same URL through the proxy. */
  readonly through: (url: string) => string;
  readonly set: (faults: Faults) => void;
  /** Resets all open connections (RST, no farewell). */
  readonly reset: () => void;
  /** How many connections were accepted so far. */
  readonly accepted: () => number;
  readonly close: () => Promise<void>;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const pieces = (chunk: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(chunk.length / size) }, (_, i) => chunk.subarray(i * size, (i + 1) * size));

class Link {
  private readonly queues: Record<Direction, Promise<void>> = {
    toServer: Promise.resolve(),
    toClient: Promise.resolve(),
  };

  constructor(
    private readonly ends: Record<Direction, Socket>,
    private readonly proxy: Proxy,
    private readonly onEnd: () => void,
  ) {
    this.carry('toServer', ends.toClient);
    this.carry('toClient', ends.toServer);
  }

  /** Carries what `source` says; order is kept because each direction is a queue. */
  private carry(direction: Direction, source: Socket): void {
    const enqueue = (work: () => Promise<void>): void => {
      this.queues[direction] = this.queues[direction].then(work, work);
    };
    source.on('data', (chunk: Buffer) => enqueue(() => this.pass(direction, chunk)));
    source.on('close', () => enqueue(async () => this.farewell(direction)));
    source.on('error', () => undefined);
  }

  private async pass(direction: Direction, chunk: Buffer): Promise<void> {
    const { latencyMs = 0, blackhole = [], slice = chunk.length } = this.proxy.faults;
    if (latencyMs > 0) await wait(latencyMs);
    if (blackhole.includes(direction)) return;
    for (const piece of pieces(chunk, Math.max(1, slice))) {
      const allowed = this.proxy.allowance(direction, piece.length);
      this.ends[direction].write(piece.subarray(0, allowed));
      if (allowed < piece.length) return this.reset();
      if (slice < chunk.length) await wait(0);
    }
  }

  private farewell(direction: Direction): void {
    if (!(this.proxy.faults.blackhole ?? []).includes(direction)) this.ends[direction].end();
    if (this.ends.toClient.destroyed && this.ends.toServer.destroyed) this.onEnd();
  }

  reset(): void {
    for (const socket of Object.values(this.ends)) if (!socket.destroyed) socket.resetAndDestroy();
    this.onEnd();
  }
}

class Proxy {
  faults: Faults = {};
  accepted = 0;
  private passed = 0;
  readonly links = new Set<Link>();

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  set(faults: Faults): void {
    this.faults = faults;
    this.passed = 0;
  }

  /** How many of these bytes may still go that way before the cut. */
  allowance(direction: Direction, bytes: number): number {
    const { cutAfter } = this.faults;
    if (cutAfter?.direction !== direction) return bytes;
    const allowed = Math.min(bytes, cutAfter.bytes - this.passed);
    this.passed += allowed;
    if (allowed < bytes) this.set({ ...this.faults, cutAfter: undefined });
    return allowed;
  }

  accept(client: Socket): void {
    this.accepted++;
    client.on('error', () => undefined);
    if (this.faults.refuse === true) return void client.resetAndDestroy();
    const upstream = connect({ host: this.host, port: this.port });
    const link: Link = new Link({ toServer: upstream, toClient: client }, this, () => this.links.delete(link));
    this.links.add(link);
  }

  reset(): void {
    for (const link of [...this.links]) link.reset();
  }
}

const rewritten = (url: string, port: number): string => {
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return through.href;
};

/** Puts a proxy in front of a server (a URL, or `host:port`) through which faults can be injected. */
export const faultProxy = async (target: string): Promise<FaultProxy> => {
  const { hostname, port } = new URL(target.includes('://') ? target : `tcp://${target}`);
  const proxy = new Proxy(hostname, Number(port));
  const listener = createServer((client) => proxy.accept(client));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const own = (listener.address() as AddressInfo).port;
  return {
    port: own,
    through: (url) => rewritten(url, own),
    set: (faults) => proxy.set(faults),
    reset: () => proxy.reset(),
    accepted: () => proxy.accepted,
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      proxy.reset();
      await closed;
    },
  };
};
