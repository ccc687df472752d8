/** One creating request, as far as telling repeats goes. */
export interface OnceRequest {
  readonly userId: string;
  /** Method and path; the same key on another route is another key. */
  readonly route: string;
  /** The client's Idempotency-Key; undefined: nothing is remembered. */
  readonly key: string | undefined;
  /** Hash of everything else that was sent. */
  readonly fingerprint: string;
  /** The invocation's context; it bounds how long a request that died blocks its key. */
  readonly lambdaContext: unknown;
}

/** An answer that can be given again. */
export interface StoredAnswer {
  readonly status: 200 | 201 | 202;
  /** JSON text. */
  readonly body: string;
}

/** Runs `create` once per user, route and key within 24 h and answers repeats with what it answered then. */
export type AnswerOnce<Given extends readonly unknown[] = []> = (
  request: OnceRequest,
  create: (...given: Given) => Promise<StoredAnswer>,
) => Promise<StoredAnswer>;
