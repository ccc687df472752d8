import { ListenedChannels } from "../../../../../../lambdas/common/adapters/dynamodb/live/listened-channels.ts";
import { LiveCensus } from "../../../../../../lambdas/common/adapters/dynamodb/live/live-census.ts";
import { LiveConnections } from "../../../../../../lambdas/common/adapters/dynamodb/live/live-connections.ts";
import { UpdatePace } from "../../../../../../lambdas/common/adapters/dynamodb/live/update-pace.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import type { WriteCases } from "./write-case.ts";

const TABLE = "live-connections";
const expires_at = Math.floor(NOON / 1_000) + 60;
const CHANNEL = "seller#lamps";
const own = { channel: "connection#c1", connection_id: "c1", is_greeted: false, subscriptions: {}, expires_at };
const open = { [TABLE]: [own] };
const listening = {
  [TABLE]: [
    { ...own, subscriptions: { [CHANNEL]: true } },
    { channel: CHANNEL, connection_id: "c1", expires_at },
  ],
};
const connection = { connectionId: "c1", userId: undefined, isGreeted: false, channels: [], expiresAt: expires_at };

/** Writes of live updates. */
export const LIVE_WRITES: WriteCases = {
  "live/live-census.ts": {
    count: { seeds: open, write: (c) => new LiveCensus(c, TABLE).count(NOON) },
  },
  "live/live-connections.ts": {
    open: { write: (c) => new LiveConnections(c, TABLE).open("c1", "user-1", NOON) },
    noteGreeted: { seeds: open, write: (c) => new LiveConnections(c, TABLE).noteGreeted("c1") },
    noteChannel: { seeds: open, write: (c) => new LiveConnections(c, TABLE).noteChannel("c1", CHANNEL, NOON) },
    listen: { seeds: open, write: (c) => new LiveConnections(c, TABLE).listen(connection, CHANNEL) },
    unsubscribe: { seeds: listening, write: (c) => new LiveConnections(c, TABLE).unsubscribe("c1", CHANNEL) },
    close: { seeds: open, write: (c) => new LiveConnections(c, TABLE).close("c1") },
  },
  "live/listened-channels.ts": {
    note: { write: (c) => new ListenedChannels(c, TABLE).note(CHANNEL, expires_at) },
    vouch: {
      write: (c) => new ListenedChannels(c, TABLE).vouch({ unnoted: new Map(), vouchedFrom: undefined }, NOON),
    },
  },
  "live/update-pace.ts": {
    take: { write: (c) => new UpdatePace(c, TABLE).take(CHANNEL, NOON) },
  },
  "operations/live-tickets.ts": {
    // A ticket is drawn anew, and who does not get the answer of its use asks for another: see the store.
  },
};
