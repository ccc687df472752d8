import { LiveCensus } from "../common/adapters/dynamodb/live/live-census.ts";
import { LiveTickets } from "../common/adapters/dynamodb/operations/live-tickets.ts";
import type { Clients } from "../common/services/wiring/clients.ts";
import type { Env } from "./env.ts";

/** What the routes of live updates need. */
export interface LiveDeps {
  readonly tickets: Pick<LiveTickets, "issue">;
  readonly census: Pick<LiveCensus, "read">;
}

/** Builds the tickets of connections and the count of who listens. */
export const buildLiveDeps = (
  env: Pick<Env, "OPERATIONS_TABLE_NAME" | "LIVE_TABLE_NAME">,
  { documents }: Pick<Clients, "documents">,
): LiveDeps => ({
  tickets: new LiveTickets(documents, env.OPERATIONS_TABLE_NAME),
  census: new LiveCensus(documents, env.LIVE_TABLE_NAME),
});
