import { errorWords } from "../common/core/error-words.ts";
import { TransientError } from "../common/core/errors.ts";
import type { Channel } from "../common/core/live/channels.ts";
import { METRICS } from "../common/core/metric-names.ts";
import type { Gate } from "../common/platform/gate.ts";
import { varied } from "../common/platform/varied-wait.ts";
import type { Deps } from "./deps.ts";

/** Failed sends after which, without one that succeeded, API Gateway itself is held to be away. */
const MAX_FAILED_FIRST = 50;
/** Waits before who was limited is sent to again, milliseconds; half of each varies. */
const LIMITED_WAITS_MS = [250, 500];
/** What an invocation keeps of its time to report what it did not do, milliseconds. */
const RESERVED_MS = 6_000;

/** How sending goes within an invocation. */
export interface Sending {
  /** Bounds what is sent at the same time, over all channels. */
  readonly gate: Gate;
  /** Milliseconds until Lambda ends the invocation. */
  readonly remainingMs: () => number;
}

/**
 * Sends a text to connections. One that is gone is forgotten. One that cannot be reached is disconnected: its client connects
 * again and gets a snapshot, so it loses nothing, and nobody waits for it. One that is limited is tried twice more, after all others: it may
 * read slowly, or all of us send too much at a time.
 * @throws TransientError when nobody could be reached, or time ran out: then the change must be sent again
 */
export const push = async (
  deps: Pick<Deps, "connections" | "sockets" | "clock" | "meter" | "log">,
  { gate, remainingMs }: Sending,
  {
    channel,
    text,
    connectionIds,
    beforeRepeat,
  }: {
    readonly channel: Channel;
    readonly text: string;
    readonly connectionIds: readonly string[];
    /** Waits until the channel may be sent to once more. */
    readonly beforeRepeat?: () => Promise<void>;
  },
): Promise<void> => {
  let answered = 0;
  let skipped = 0;
  const unreached: string[] = [];
  let limited: string[] = [];
  const fail = (connectionId: string, why: string): void => {
    unreached.push(connectionId);
    deps.meter.count(METRICS.PUSH_ERRORS, 1);
    deps.log.warn("a connection could not be reached", { connection_id: connectionId, error: why });
  };
  const sendOne = async (connectionId: string): Promise<void> => {
    const isAway = answered === 0 && unreached.length >= MAX_FAILED_FIRST;
    if (isAway || remainingMs() < RESERVED_MS) {
      skipped += 1;
      return;
    }
    try {
      const result = await deps.sockets.send(connectionId, text);
      if (result === "limited") limited.push(connectionId);
      else answered += 1;
      if (result === "gone") await deps.connections.drop(connectionId, channel);
    } catch (error) {
      fail(connectionId, errorWords(error));
    }
  };
  const sendAll = async (ids: readonly string[]): Promise<void> => {
    limited = [];
    await Promise.all(ids.map((id) => gate(() => sendOne(id))));
  };
  await sendAll(connectionIds);
  for (const waitMs of LIMITED_WAITS_MS) {
    if (limited.length === 0) break;
    await deps.clock.sleep(varied(waitMs));
    await beforeRepeat?.();
    await sendAll(limited);
  }
  for (const id of limited) fail(id, "it reads too slowly, or too much is sent at a time");
  const isAway = answered === 0 && unreached.length >= MAX_FAILED_FIRST;
  const closed = isAway ? [] : await disconnect(deps, gate, unreached);
  if (skipped > 0 || (connectionIds.length > 0 && answered + closed.length === 0)) {
    throw new TransientError(`${skipped + unreached.length} of ${connectionIds.length} listeners were not reached`);
  }
  // Also those that could not be closed: the next message of their clients is then answered by a close.
  await Promise.all(unreached.map((id) => gate(() => deps.connections.drop(id, channel))));
};

/** @returns the connections that are closed now */
const disconnect = async (
  deps: Pick<Deps, "sockets" | "meter" | "log">,
  gate: Gate,
  connectionIds: readonly string[],
): Promise<string[]> => {
  const closed: string[] = [];
  const closeOne = async (connectionId: string): Promise<void> => {
    try {
      await deps.sockets.disconnect(connectionId);
      closed.push(connectionId);
    } catch (error) {
      deps.meter.count(METRICS.PUSH_ERRORS, 1);
      deps.log.warn("a connection could not be closed", { connection_id: connectionId, error: errorWords(error) });
    }
  };
  await Promise.all(connectionIds.map((id) => gate(() => closeOne(id))));
  return closed;
};
