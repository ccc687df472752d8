import * as z from "zod";
import { CatalogStateSchema } from "../../catalogs/catalog-states.ts";
import { RunRowSchema } from "../../runs/run-row.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import { BlockedBySchema } from "../../sources/blocked-by.ts";
import { ItemCountsSchema } from "./item-counts.ts";

const Count = z.number().int().min(0);
const run = RunRowSchema.shape;

/**
 * Answer of `GET /catalogs/{id}/status`. At every moment
 * `totals.products = counts.enriched + counts.failed + counts.pending + counts.cancelled`.
 */
export const CatalogStatusSchema = z
  .object({
    catalog_id: run.catalog_id.describe("The catalog."),
    tracking_id: z.string().nullable().describe("Newest run; null before the first."),
    state: CatalogStateSchema.describe(
      "State of the newest run; before the first, of the catalog. `waiting_for_source`: see `blocked_by`.",
    ),
    blocked_by: z
      .array(
        BlockedBySchema.extend({
          source: z
            .union([SourceIdSchema, z.literal("enrichline")])
            .describe("The source that is waited for; `enrichline` when the cause is our own."),
        }),
      )
      .describe("What the run waits for, and what can be done."),
    totals: z
      .object({
        products: Count.describe("Distinct products of the run: the sum of `counts`."),
        batches: run.batches.describe("Batches that the run is cut into."),
      })
      .describe("Size of the newest run."),
    counts: ItemCountsSchema.describe("Products of the newest run by state."),
    of_which: z
      .object({
        from_cache: run.from_cache.describe("Enriched products that were still fresh and cost no call."),
        incomplete: run.incomplete.describe(
          "Enriched products that lack a field that they should have; see their `missing`.",
        ),
      })
      .describe("Parts of `counts.enriched`."),
    by_source: run.by_source.describe("Enriched products by source id."),
    failures: z
      .array(
        z.object({
          error_code: z.string().describe("Why the products failed, such as NotFound."),
          count: Count.describe("Failed products with this code."),
        }),
      )
      .describe("Failed products by error code, most first."),
    sequence: run.sequence.describe(
      "Rises with every change of the counts and the state of a run, and before the first run with the state of the catalog, so that a later status can be distinguished from an earlier. Each run begins from 0.",
    ),
    started_at: run.started_at.describe("When the first batch was worked on; null before."),
    finished_at: run.finished_at.describe("When the run ended; null while it is open."),
    failure: z
      .string()
      .nullable()
      .optional()
      .describe("Why the file could not be read, in words with the fix; null or absent otherwise."),
    ingest: z
      .object({
        bytes_read: Count.describe("Bytes of the file that were read so far."),
        bytes: Count.describe("Size of the whole file, bytes."),
      })
      .nullable()
      .optional()
      .describe("How far the reading of an uploaded file is, while it is awaited or read; null or absent otherwise."),
    estimate: z
      .object({
        seconds_left: Count.nullable().describe(
          "Seconds until the last product is done; null when nothing is under way or no source can tell.",
        ),
        finishes_at: z.iso.datetime().nullable().describe("When that will be; null like `seconds_left`."),
        resumes_at: z.iso
          .datetime()
          .nullable()
          .describe("When a waiting run continues by itself; null when it does not wait, or waits for a person."),
      })
      .describe("What is still ahead of the run, as far as it can be known."),
    cost: z
      .object({
        usd: z.string().describe("US dollars so far, decimal text rounded up to a millionth."),
        usd_per_1000_products: z
          .string()
          .nullable()
          .describe("The same for 1,000 products that ended; null before the first has."),
        parts: z
          .record(z.string(), z.string())
          .describe(
            "What was paid for, in US dollars: writes and reads of tables, functions, queues, objects, events.",
          ),
        keepa_tokens: Count.describe("Tokens of Keepa that it used; Keepa's price is not in `usd`."),
        prices_of: z
          .object({
            region: z.string().describe("AWS region that the prices are of."),
            read_on: z.iso.date().describe("Day on which AWS's list prices were read."),
          })
          .describe("Which list prices were used."),
      })
      .optional()
      .describe(
        "What the run has cost at AWS's list prices, as counted by the functions that work on it; absent for runs that began before it was counted. Logs, storage, reads by clients and the functions behind streams are not in it.",
      ),
  })
  .meta({ id: "CatalogStatus" });
export type CatalogStatus = z.infer<typeof CatalogStatusSchema>;
