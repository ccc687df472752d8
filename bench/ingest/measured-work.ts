import * as z from "zod";

/**
 * What a measured process does:
 *   csv-parse  reads the file with csv-parse alone, and counts its records
 *   judging    the product's ingest, from the file into a sink that gathers parts and drops them
 *   ingest     the product's ingest as deployed: the upload is streamed from S3, what comes of it is written to S3
 *   transfer   as much is read from and written to S3 with the product's own client, and nothing is done with it
 */
export const KINDS = ["csv-parse", "ingest", "judging", "transfer"] as const;
export type Kind = (typeof KINDS)[number];

/** What a measured process gets to do, as JSON. */
export interface Work {
  readonly kind: Kind;
  readonly file: string;
  /** Address of the bundle. */
  readonly product: string;
  /** Bytes that `transfer` writes. */
  readonly bytes: number;
}

export const ResultSchema = z.object({
  milliseconds: z.number(),
  cpuMs: z.number(),
  peakMb: z.number(),
  rows: z.number(),
  found: z.string(),
});
export type Result = z.infer<typeof ResultSchema>;

const BUCKET = "bench";
const KEY = "uploads/catalog";

/** The product's reading path, wired as `ingest-catalog` wires it, and with its clients. */
export const PRODUCT = `
  import { createS3Client } from "./lambdas/common/adapters/aws/aws-clients.ts";
  import { ingestCatalog } from "./lambdas/common/services/ingest/ingest-catalog.ts";
  import { S3CatalogSink } from "./lambdas/common/adapters/s3/s3-catalog-sink.ts";
  import { UploadReader } from "./lambdas/common/adapters/s3/upload-reader.ts";
  export { ingestCatalog };
  export const openUpload = async () => (await new UploadReader(createS3Client(), "${BUCKET}").open("${KEY}")).body;
  export const openSink = () => new S3CatalogSink({
    client: createS3Client(), bucket: "${BUCKET}", prefix: "catalogs/bench/1/",
    onCleanupFailure: (error) => { throw error; },
  });
`;
