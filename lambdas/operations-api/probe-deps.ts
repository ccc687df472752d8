import { createDynamoClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { createDatabaseProbe, createQueueProbe } from "../common/adapters/aws/health-probes.ts";
import { createReadTableSize } from "../common/adapters/dynamodb/read-table-size.ts";
import type { Clients } from "../common/services/wiring/clients.ts";
import type { Env } from "./env.ts";

/** What looks at tables and queues themselves. */
export interface Probes {
  /** Resolves when the table answers. @throws when it does not */
  readonly pingDatabase: (signal: AbortSignal) => Promise<void>;
  /** Resolves when the queue answers. @throws when it does not */
  readonly pingQueue: (signal: AbortSignal) => Promise<void>;
  readonly countProducts: () => Promise<number>;
}

/** Builds them. */
export const buildProbes = (env: Env, { documents }: Pick<Clients, "documents">): Probes => ({
  pingDatabase: createDatabaseProbe(documents, env.STATUS_TABLE_NAME),
  pingQueue: createQueueProbe(createSqsClient(), env.ENRICH_QUEUE_URL),
  countProducts: createReadTableSize(createDynamoClient(), env.PRODUCTS_TABLE_NAME),
});
