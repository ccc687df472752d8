import { S3CatalogSink } from "../../../adapters/s3/s3-catalog-sink.ts";
import type { CatalogSink } from "../../../core/catalogs/ingest/catalog-sink.ts";
import { errorWords } from "../../../core/error-words.ts";
import type { Log } from "../../../platform/logger.ts";
import type { Clients } from "../clients.ts";

/** Environment that sinks of catalogs take. */
export interface CatalogSinksEnv {
  readonly BUCKET_NAME: string;
}

/** What sinks of catalogs are built on. */
export interface CatalogSinksParts extends Pick<Clients, "s3"> {
  readonly log: Pick<Log, "warn">;
  /** What is logged of an object that could not be removed after a failure. */
  readonly leftBehind: string;
}

/** Builds what opens a sink that writes a catalog's files below a prefix of the stage's bucket. */
export const buildCatalogSinks =
  (env: CatalogSinksEnv, { s3, log, leftBehind }: CatalogSinksParts) =>
  (prefix: string): CatalogSink =>
    new S3CatalogSink({
      client: s3,
      bucket: env.BUCKET_NAME,
      prefix,
      onCleanupFailure: (error) => log.warn(leftBehind, { error: errorWords(error) }),
    });
