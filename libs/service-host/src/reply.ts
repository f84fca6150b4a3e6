/** A handler's answer with more than a body. */
export class Reply<Body = unknown> {
  constructor(
    readonly body: Body,
    readonly options: ReplyOptions,
  ) {}
}

/** Status other than the route's first, headers. `etag` is given without quotes or as `etagOf` makes it. */
export interface ReplyOptions {
  readonly status?: number;
  readonly etag?: string;
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers with a status, an ETag or a Location beside the body. */
export const reply = <Body>(body: Body, options: ReplyOptions = {}): Reply<Body> => new Reply(body, options);
