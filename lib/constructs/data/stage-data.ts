import type { CatalogBucket } from "./catalog-bucket.ts";
import type { DataTable } from "./data-table.ts";
import type { SourceSecrets } from "./source-secrets.ts";
import type { UserDirectory } from "./user-directory.ts";
import type { WebhookKey } from "./webhook-key.ts";

/** What a stage keeps; every function is built on parts of it. */
export interface StageData {
  readonly enrichmentStatus: DataTable;
  readonly products: DataTable;
  /** Recorded changes of products. */
  readonly productHistory: DataTable;
  /** What ends when by its licence; keys only. */
  readonly contentEnds: DataTable;
  /** What operators set for shops. */
  readonly marketplaces: DataTable;
  readonly upstreamLimits: DataTable;
  readonly failures: DataTable;
  readonly operations: DataTable;
  /** Who listens to what over a WebSocket. */
  readonly liveConnections: DataTable;
  /** Halves of products of the shop line. */
  readonly assemblyStaging: DataTable;
  /** Products of the shop line; its stream announces them. */
  readonly shopProducts: DataTable;
  /** One row a call of the daily refresh, and what is known of its plans. */
  readonly refreshJobs: DataTable;
  /** How often products are read and seen to change; counts only. */
  readonly refreshDemand: DataTable;
  /** What lets others in without a person, API keys and feeds, and counts of their calls. */
  readonly access: DataTable;
  /** Webhook endpoints and their deliveries. */
  readonly webhooks: DataTable;
  /** Messages that were given up, and what people did with them. */
  readonly deadLetters: DataTable;
  /** What the secrets of webhook endpoints are encrypted with. */
  readonly webhookKey: WebhookKey;
  readonly bucket: CatalogBucket;
  readonly users: UserDirectory;
  readonly secrets: SourceSecrets;
}
