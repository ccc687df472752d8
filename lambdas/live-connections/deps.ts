import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import type { PresentUsers } from "../common/adapters/cognito/present-users.ts";
import { ListenedChannels } from "../common/adapters/dynamodb/live/listened-channels.ts";
import { LiveCensus } from "../common/adapters/dynamodb/live/live-census.ts";
import { LiveConnections } from "../common/adapters/dynamodb/live/live-connections.ts";
import { NewestRun } from "../common/adapters/dynamodb/live/newest-run.ts";
import { LiveTickets } from "../common/adapters/dynamodb/operations/live-tickets.ts";
import { createConnectionsClient } from "../common/adapters/sockets/connections-client.ts";
import { Sockets } from "../common/adapters/sockets/sockets.ts";
import { buildCatalogStores, type CatalogStores } from "../common/services/wiring/catalogs/catalog-stores.ts";
import { buildPresentUsers } from "../common/services/wiring/present-users.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `live-connections` works with. */
export interface Deps extends Pick<WorkerContext, "clock" | "log" | "meter"> {
  readonly allowedOrigins: readonly string[];
  readonly tickets: Pick<LiveTickets, "take">;
  readonly connections: Pick<
    LiveConnections,
    "open" | "find" | "noteGreeted" | "noteChannel" | "listen" | "unsubscribe" | "close"
  >;
  readonly listened: Pick<ListenedChannels, "vouch">;
  readonly census: Pick<LiveCensus, "count">;
  /** Whose connections stay open. */
  readonly owners: Pick<PresentUsers, "isPresent">;
  readonly sockets: Pick<Sockets, "send" | "disconnect">;
  readonly catalogs: Pick<CatalogStores["catalogs"], "getCatalog">;
  readonly newestRun: Pick<NewestRun, "read">;
  /** From 0 to less than 1. */
  readonly random: () => number;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const { clock, log, meter } = buildWorkerContext(env);
  return {
    allowedOrigins: env.ALLOWED_ORIGINS,
    tickets: new LiveTickets(documents, env.OPERATIONS_TABLE_NAME),
    connections: new LiveConnections(documents, env.LIVE_TABLE_NAME),
    listened: new ListenedChannels(documents, env.LIVE_TABLE_NAME),
    census: new LiveCensus(documents, env.LIVE_TABLE_NAME),
    owners: buildPresentUsers(env, clock),
    sockets: new Sockets(createConnectionsClient(env.CONNECTIONS_ADDRESS)),
    catalogs: buildCatalogStores(env, { documents }).catalogs,
    newestRun: new NewestRun(documents, env.STATUS_TABLE_NAME),
    random: Math.random,
    ...{ clock, log, meter },
  };
};
