import type { SourceClient } from "../../core/sources/source-client.ts";
import { connectionsOpened, longestConnectMs } from "../../platform/connect-times.ts";

/** The first call of an instance loads code, looks up a name and opens a connection before a byte leaves. */
const FIRST_CALL_MS = 250;
/** A call after a pause opens a new connection: a round trip for TCP and one or two for TLS. Until it is measured. */
const RECONNECT_MS = 100;
/** What a reconnection may take beyond one and a half times the longest that was measured. */
const RECONNECT_MARGIN_MS = 3;
/** Node's fetch closes a connection that was idle for so long, unless the server says another time. */
const KEPT_OPEN_MS = 4_000;
/** A pause this much longer than one that a connection outlived is believed to be outlived too. */
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

/** What `fetch` did so far in this process. */
export interface Connects {
  readonly opened: number;
  readonly longestMs: number | undefined;
}

const connects = (): Connects => ({ opened: connectionsOpened(), longestMs: longestConnectMs() });

const connections = new WeakMap<SourceClient, Connection>();

/** What the last call taught. A connection opened meanwhile for something else only makes us careful. */
const outlivedMs = ({ pauseMs, opened, outlivedMs }: Connection, now: Connects): number => {
  if (pauseMs === undefined) return outlivedMs;
  return now.opened === opened ? Math.max(outlivedMs, pauseMs) : Math.min(outlivedMs, pauseMs / 2);
};

/**
 * How much later than its start the next call of this client may reach the upstream, in milliseconds. The slot is
 * taken with so much room behind it; otherwise a late arrival would stand too close to the next call.
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
