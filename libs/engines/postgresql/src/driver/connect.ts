import type { ConnectOptions } from '@dsem/engine';
import { ConnectionFailed } from '@dsem/engine';
import pg from 'pg';

/** A dedicated connection together with what is known about its end. */
export interface Link {
  readonly url: string;
  /**
   * Runs one text; several statements in it are allowed only without values. After `deadlineMs` without an answer
   * (default 90 s, 0 for ever) the connection counts as lost: a silent server does not answer its own timeout either.
   */
  readonly query: <Row>(text: string, values?: readonly unknown[], deadlineMs?: number) => Promise<readonly Row[]>;
  /** Runs several texts in one message and tells the rows of each; the same deadline for all of them together. */
  readonly queryAll: (texts: readonly string[], deadlineMs?: number) => Promise<readonly (readonly unknown[])[]>;
  /** The process number the server named at log-in. */
  readonly backend: number;
  readonly busy: () => boolean;
  /** True as soon as the server, the network or `cut` ended the connection. */
  readonly lost: () => boolean;
  /** Ends the connection without a word to the server; what runs there is left unknown. */
  readonly cut: () => void;
  /** Ends the connection in good order, within two seconds. */
  readonly end: () => Promise<void>;
}

const defaultTimeoutMs = 10_000;
const verified = new Set(['require', 'verify-ca', 'prefer']);

const hostOf = (url: URL): string => url.searchParams.get('host') ?? (url.host === '' ? 'localhost' : url.host);
const databaseOf = (url: URL): string => decodeURIComponent(url.pathname.slice(1)) || 'the default database';

const parseUrl = (text: string): URL => {
  try {
    const url = new URL(text);
    if (url.protocol === 'postgres:' || url.protocol === 'postgresql:') return url;
  } catch {
    // The parser's own error repeats its input, and with it the password.
  }
  throw new ConnectionFailed('The address is not of the form postgresql://user:password@host:port/database');
};

/** Whoever asks for TLS gets a verified certificate; only `no-verify` and `disable` say otherwise. */
const verifiedTls = (url: URL): string => {
  const copy = new URL(url);
  if (verified.has(copy.searchParams.get('sslmode') ?? '')) copy.searchParams.set('sslmode', 'verify-full');
  return copy.toString();
};

const passwordOf = (url: URL): readonly string[] => {
  const query = url.searchParams.get('password');
  const raw = [url.password, query ?? ''].filter((text) => text !== '');
  return raw.flatMap((text) => [text, safeDecode(text)]);
};

const safeDecode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
};

const withoutSecrets = (text: string, url: URL): string =>
  passwordOf(url).reduce((clean, secret) => clean.replaceAll(secret, '***'), text);

const endMs = 2000;
const defaultDeadlineMs = 90_000;

/** What `pg` keeps for itself and we need: the socket and the backend's number. */
interface Inner {
  readonly processID: number;
  readonly connection: { readonly stream: { destroy(): void } };
}

/** Runs questions on a client, each with a deadline after which `cut` ends the connection. */
const askerOf = (client: pg.Client, cut: () => void): Pick<Link, 'query' | 'queryAll' | 'busy'> => {
  let running = 0;
  const within = async <Answer>(deadlineMs: number, ask: () => Promise<Answer>): Promise<Answer> => {
    running += 1;
    const timer = deadlineMs === 0 ? undefined : setTimeout(cut, deadlineMs);
    try {
      return await ask();
    } finally {
      clearTimeout(timer);
      running -= 1;
    }
  };
  return {
    query: <Row>(text: string, values?: readonly unknown[], deadlineMs = defaultDeadlineMs) =>
      within(deadlineMs, async () => {
        const answer = await client.query(text, values === undefined ? undefined : [...values]);
        return answer.rows as readonly Row[];
      }),
    queryAll: (texts, deadlineMs = defaultDeadlineMs) =>
      within(deadlineMs, async () => {
        const answers: unknown = await client.query(texts.join(';\n'));
        return [answers].flat().map((answer) => (answer as pg.QueryResult<object>).rows);
      }),
    busy: () => running > 0,
  };
};

const linkOf = (client: pg.Client, url: string): Link => {
  const inner = client as unknown as Inner;
  let lost = false;
  client.on('error', () => (lost = true));
  client.on('end', () => (lost = true));
  const cut = (): void => {
    lost = true;
    inner.connection.stream.destroy();
  };
  return {
    url,
    ...askerOf(client, cut),
    backend: inner.processID,
    lost: () => lost,
    cut,
    end: async () => {
      const timer = setTimeout(cut, endMs);
      await client.end().catch(() => undefined);
      clearTimeout(timer);
      lost = true;
    },
  };
};

/** A client whose session may die while nobody waits for it: the next statement tells. */
export const surviving = (client: pg.Client): pg.Client => client.on('error', () => undefined);

/** Opens one dedicated connection with keep-alive, so that a half-open one is noticed. */
export const openLink = async (text: string, options: ConnectOptions = {}): Promise<Link> => {
  const url = parseUrl(text);
  try {
    const client = surviving(
      new pg.Client({
        connectionString: verifiedTls(url),
        application_name: options.applicationName ?? 'dsem',
        connectionTimeoutMillis: options.connectTimeoutMs ?? defaultTimeoutMs,
        keepAlive: true,
        keepAliveInitialDelayMillis: 15_000,
      }),
    );
    await client.connect();
    return linkOf(client, text);
  } catch (error) {
    const reason = withoutSecrets(reasonOf(error), url);
    throw new ConnectionFailed(`Cannot connect to ${databaseOf(url)} at ${hostOf(url)}: ${reason}`);
  }
};
