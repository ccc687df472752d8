import type { SourceClient } from "../../core/source.ts";

/** The first call of an instance loads code, looks up a name and opens a connection before a byte leaves. */
const FIRST_CALL_MS = 300;
/** A call after a pause opens a new connection: a round trip for TCP and one or two for TLS. */
const RECONNECT_MS = 100;
/** Node's fetch closes a connection that was idle for so long, unless the server asked for less. */
const KEPT_OPEN_MS = 4_000;

const lastCalls = new WeakMap<SourceClient, number>();

/**
 * How much later than its start the next call of this client may reach the upstream, in milliseconds. The slot is
 * taken with so much room behind it; otherwise a late arrival would stand too close to the next call.
 */
export const connectionSlackMs = (client: SourceClient, nowMs: number): number => {
  const last = lastCalls.get(client);
  if (last === undefined) return FIRST_CALL_MS;
  return nowMs - last < KEPT_OPEN_MS ? 0 : RECONNECT_MS;
};

/** Remembers that the client makes a call now, so that its connection is open. */
export const noteCall = (client: SourceClient, nowMs: number): void => {
  lastCalls.set(client, nowMs);
};
