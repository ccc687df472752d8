/** How long an AWS client waits before it calls an attempt failed, and how often it tries. Times in milliseconds. */
export interface ClientLimits {
  /** Until the connection is open. */
  readonly connectMs: number;
  /** From the request, its body and its connection included, to the first byte of the answer. */
  readonly answerMs: number;
  /**
   * Without a byte in either direction; also what ends an answer that stops half-way. From 6 s on the SDK begins to
   * watch 3 s after the request.
   */
  readonly silenceMs: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
}

const CONNECT_MS = 2_000;

/*
 * A call that hangs at every attempt must fail while its function has time left to say so: attempts × answerMs and the
 * waits between them stay well below the 29 s of a request.
 */

/** Tables and queues answer within milliseconds, a large transaction within some hundred. */
export const QUICK_LIMITS: ClientLimits = { connectMs: CONNECT_MS, answerMs: 5_000, silenceMs: 5_000, attempts: 4 };

/** Messages to connections: who does not take one soon is disconnected, so that others do not wait for it. */
export const PUSH_LIMITS: ClientLimits = { connectMs: 1_000, answerMs: 2_000, silenceMs: 2_000, attempts: 2 };

/** Secrets are kept in memory, so a failure is met again with the next call. */
export const SECRET_LIMITS: ClientLimits = { ...QUICK_LIMITS, attempts: 3 };

/**
 * Objects. The time to answer holds a part on its way up (5 MiB, of huge exports 24), but not the reading of the answer,
 * which may take as long as data arrives. A reader that is slow itself makes its connection silent too: it may be waiting
 * for other AWS calls that hang, so the silence that is borne is longer than all their attempts.
 */
export const OBJECT_LIMITS: ClientLimits = { connectMs: CONNECT_MS, answerMs: 8_000, silenceMs: 60_000, attempts: 3 };

/**
 * Client settings that keep the limits. Without them the SDK waits for ever for an answer.
 * @see https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-timeouts.html
 */
export const within = ({ connectMs, answerMs, silenceMs, attempts }: ClientLimits) => ({
  maxAttempts: attempts,
  requestHandler: {
    connectionTimeout: connectMs,
    requestTimeout: answerMs,
    // Else the SDK only warns.
    throwOnRequestTimeout: true,
    socketTimeout: silenceMs,
  },
});
