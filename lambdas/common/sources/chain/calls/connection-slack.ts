import type { SourceClient } from "../../../core/sources/source-client.ts";
import { connectionsOpened, longestConnectMs } from "../../../platform/connect-times.ts";

/** The first call of an instance loads code, resolves a name and opens a connection before it sends a byte. */
const FIRST_CALL_MS = 250;
/** A call after a pause opens a connection: a round trip for TCP, one or two for TLS. Used until one is measured. */
const RECONNECT_MS = 100;
/** Margin of a reconnection beyond one and a half times the longest that was measured. */
const RECONNECT_MARGIN_MS = 3;
/** Node's fetch closes a connection after this idle time, unless the server sets another. */
const KEPT_OPEN_MS = 4_000;
/** A connection that outlived a pause is expected to outlive one this much longer, too. */
const LIKELY = 1.25;

/** What is known of a client's connection. */
interface Connection {
  readonly calledAtMs: number;
  /** The pause before that call; undefined for the first. */
  readonly pauseMs: number | undefined;
  /** Connections that the process had opened when the call began. */
  readonly opened: number;
  /** Longest pause after which no new connection was needed. */
  readonly outlivedMs: number;
}

/** Connections that `fetch` opened so far in this process. */
export interface Connects {
  readonly opened: number;
  readonly longestMs: number | undefined;
}

const connects = (): Connects => ({ opened: connectionsOpened(), longestMs: longestConnectMs() });

const connections = new WeakMap<SourceClient, Connection>();

/** What the last call showed. A connection opened meanwhile for another purpose only makes the estimate careful. */
const outlivedMs = ({ pauseMs, opened, outlivedMs }: Connection, now: Connects): number => {
  if (pauseMs === undefined) return outlivedMs;
  return now.opened === opened ? Math.max(outlivedMs, pauseMs) : Math.min(outlivedMs, pauseMs / 2);
};

/**
 * How long after its start the next call of this client may reach the upstream, in milliseconds. The slot is reserved
 * with this much free time after it; otherwise a late arrival would be too close to the next call.
 * @param aheadMs how far ahead the slot may lie
 */
export const connectionSlackMs = (
  client: SourceClient,
  nowMs: number,
  aheadMs: number,
  now: Connects = connects(),
): number => {
  const connection = connections.get(client);
  if (!connection) return FIRST_CALL_MS;
  const pauseMs = nowMs + aheadMs - connection.calledAtMs;
  if (pauseMs <= outlivedMs(connection, now) * LIKELY) return 0;
  const { longestMs } = now;
  if (longestMs === undefined) return RECONNECT_MS;
  return Math.min(RECONNECT_MS, Math.ceil(1.5 * longestMs) + RECONNECT_MARGIN_MS);
};

/** Remembers that the client makes a call now. */
export const noteCall = (client: SourceClient, nowMs: number, now: Connects = connects()): void => {
  const before = connections.get(client);
  connections.set(client, {
    calledAtMs: nowMs,
    pauseMs: before && nowMs - before.calledAtMs,
    opened: now.opened,
    outlivedMs: before ? outlivedMs(before, now) : KEPT_OPEN_MS,
  });
};
