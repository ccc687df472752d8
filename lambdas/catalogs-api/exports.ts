import { ExportStore } from "../common/adapters/dynamodb/operations/export-store.ts";
import { ExportDownloads } from "../common/adapters/s3/exports/export-downloads.ts";
import { createSigningClient } from "../common/adapters/s3/presigned-uploads.ts";
import { ExportQueue } from "../common/adapters/sqs/export-queue.ts";
import type { ExportJob } from "../common/core/exports/export-job.ts";
import type { ExportMessage } from "../common/core/exports/export-message.ts";
import type { Clients } from "../common/services/wiring/clients.ts";

/** Exports, as this room needs them. */
export interface Exports {
  create(job: ExportJob): Promise<void>;
  /** Undefined also when its time is over. */
  get(exportId: string, nowMs: number): Promise<ExportJob | undefined>;
  /** Sends a message to the function that writes exports. */
  send(message: ExportMessage): Promise<void>;
  /** An address that is good for `seconds`. */
  downloadUrl(job: ExportJob, seconds: number): Promise<string>;
}

/** Environment that exports take. */
interface ExportsEnv {
  readonly OPERATIONS_TABLE_NAME: string;
  readonly EXPORTS_QUEUE_URL: string;
  readonly BUCKET_NAME: string;
}

/** Builds what asks for exports and gives them out. */
export const buildExports = (env: ExportsEnv, { documents, sqs }: Pick<Clients, "documents" | "sqs">): Exports => {
  const store = new ExportStore(documents, env.OPERATIONS_TABLE_NAME);
  const queue = new ExportQueue(sqs, env.EXPORTS_QUEUE_URL);
  const downloads = new ExportDownloads(createSigningClient(), env.BUCKET_NAME);
  return {
    create: (job) => store.create(job),
    get: (exportId, nowMs) => store.get(exportId, nowMs),
    send: (message) => queue.send(message),
    downloadUrl: (job, seconds) => downloads.urlOf(job, seconds),
  };
};
