import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import { ListenedChannels } from "../common/adapters/dynamodb/live/listened-channels.ts";
import { LiveConnections } from "../common/adapters/dynamodb/live/live-connections.ts";
import { UpdatePace } from "../common/adapters/dynamodb/live/update-pace.ts";
import { createConnectionsClient } from "../common/adapters/sockets/connections-client.ts";
import { Sockets } from "../common/adapters/sockets/sockets.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `broadcast-changes` works with. */
export interface Deps extends Pick<WorkerContext, "clock" | "log" | "meter"> {
  readonly connections: Pick<LiveConnections, "listeners" | "drop">;
  readonly listened: Pick<ListenedChannels, "among">;
  readonly pace: Pick<UpdatePace, "take">;
  readonly sockets: Pick<Sockets, "send" | "disconnect">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const { clock, log, meter } = buildWorkerContext(env);
  return {
    connections: new LiveConnections(documents, env.LIVE_TABLE_NAME),
    listened: new ListenedChannels(documents, env.LIVE_TABLE_NAME),
    pace: new UpdatePace(documents, env.LIVE_TABLE_NAME),
    sockets: new Sockets(createConnectionsClient(env.CONNECTIONS_ADDRESS)),
    ...{ clock, log, meter },
  };
};
