import * as z from "zod";
import { CatalogRowSchema } from "../catalog-row.ts";
import { RejectedRowSchema } from "./catalog-files.ts";
import type { CatalogSink } from "./catalog-sink.ts";
import type { IngestLimits } from "./ingest-limits.ts";
import type { IngestOptions } from "./ingest-options.ts";

/** A catalog as it arrives. */
export interface IngestInput {
  readonly body: AsyncIterable<Uint8Array>;
  /** As the client said it; undefined or a general type means: look at the content. */
  readonly contentType?: string | undefined;
  /** Its ending is a hint when the content type says nothing. */
  readonly fileName?: string | undefined;
  /** Shop of the rows that name none, by code. */
  readonly marketplace: string;
  readonly limits: IngestLimits;
}

/** What was found in a catalog and where it was written. */
export const IngestReportSchema = z.object({
  format: z.enum(["csv", "ndjson", "json"]),
  /** Name inside a JSON document, else null. */
  name: z.string().nullable(),
  /** Shop named for the whole of a JSON document, by code, else null. */
  marketplace: z.string().nullable(),
  /** `total` = `valid` (distinct products) + `duplicates` + `rejected`; `blank` rows come on top. */
  rows: CatalogRowSchema.shape.rows,
  /** One for each shop with a valid row, in the order of first appearance. */
  segments: CatalogRowSchema.shape.segments,
  rows_key: z.string(),
  /** Null when no row was rejected. */
  rejects_key: z.string().nullable(),
  /** The user's own columns, in order. */
  columns: z.array(z.string()),
  /** SHA-256, hex, of the distinct product keys in ascending order, each with a line feed after it. */
  content_hash: z.string(),
  /** The first 100 rejected rows. */
  rejects: z.array(RejectedRowSchema),
  /** What the user should know about how the file was taken, in sentences: a guessed encoding, quotes read as text. */
  notes: z.array(z.string()),
  /** Size of the catalog as it arrived. */
  bytes: z.number().int().min(0),
});
export type IngestReport = z.infer<typeof IngestReportSchema>;

/** Signature of the pipeline, for those who may not import it. */
export type IngestCatalog = (input: IngestInput, sink: CatalogSink, options?: IngestOptions) => Promise<IngestReport>;
