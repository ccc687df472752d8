import type { LimitSignals } from "../limiter/limit-signals.ts";
import type { SourceId } from "../source-ids.ts";
import type { FailureClass } from "./failure-codes.ts";
import { upstreamWords } from "./upstream/upstream-words.ts";

/** A call that failed as a whole. `code` is the source's own; its class decides what happens. Code and message can be stored. */
export class SourceError extends Error {
  readonly source: SourceId;
  readonly code: string;
  /** What the log has in place of the message, which may repeat the source's words. */
  readonly logWords: string;
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
  readonly failureClass: FailureClass;
  readonly signals: LimitSignals;
  /** The access token was refused, not the credentials behind it: the same call with a new token may succeed. */
  readonly tokenRefused: boolean;

  constructor(
    source: SourceId,
    details: {
      code: string;
      status: number | null;
      failureClass: FailureClass;
      message: string;
      signals?: LimitSignals;
      /** @default false */
      tokenRefused?: boolean;
      cause?: unknown;
    },
  ) {
    const { code, message } = upstreamWords(details);
    super(message, { cause: details.cause });
    this.name = "SourceError";
    this.source = source;
    this.code = code;
    this.logWords = `${source} answered ${code}`;
    this.status = details.status;
    this.failureClass = details.failureClass;
    this.signals = details.signals ?? {};
    this.tokenRefused = details.tokenRefused ?? false;
  }
}
