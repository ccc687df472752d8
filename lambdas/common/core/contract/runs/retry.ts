import * as z from "zod";
import { AsinSchema } from "../../products/asin.ts";
import { orNull } from "../or-null.ts";
import { EstimateSchema } from "./estimate.ts";

const Count = z.number().int().min(0);

/** Body of `POST /catalogs/{id}/retry`: which failed products to try again. */
export const RetrySchema = z
  .strictObject({
    error_codes: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(50)
      .optional()
      .describe("Only products that failed with one of these codes, 1 to 50; absent: with any."),
    asins: z
      .array(
        z
          .string()
          .trim()
          .toUpperCase()
          .pipe(AsinSchema)
          .meta({ type: "string", pattern: "^(?:[Bb]0[A-Za-z0-9]{8}|[0-9]{9}[0-9Xx])$" }),
      )
      .min(1)
      .max(1_000)
      .optional()
      .describe("Only these products, 1 to 1,000, in every shop of the catalog; absent: all."),
    cursor: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe("`next_cursor` of the request before, with the same selection: continues where that one stopped."),
    dry_run: z.boolean().default(false).describe("Say what would be retried, without doing it."),
  })
  .meta({ id: "Retry" });
export type Retry = z.output<typeof RetrySchema>;
/** As a client writes it. */
export type RetryInput = z.input<typeof RetrySchema>;

/** Answer to a retry, and to its dry run. */
export const RetryReportSchema = z
  .object({
    tracking_id: z.string().describe("The run that they belong to."),
    dry_run: z.boolean().describe("Whether this only says what would be done."),
    matched: Count.describe("Failed products that the request matches."),
    by_error_code: z
      .array(
        z.object({
          error_code: z.string().describe("Why the products failed."),
          count: Count.describe("Matching products with this code."),
        }),
      )
      .describe("The matching products by error code."),
    reopened: Count.describe("Products that are pending again; 0 on a dry run."),
    in_progress: Count.describe("Products left alone because their batch is being worked on at this moment."),
    remaining: Count.describe("Products that match and are not reopened yet: repeat the request for them."),
    next_cursor: z
      .string()
      .optional()
      .describe("Present when failures are left that this request has not looked at: repeat it with this as `cursor`."),
    estimate: orNull(
      EstimateSchema,
      "What trying them again takes; null when no configured source serves these products.",
    ),
  })
  .meta({ id: "RetryReport" });
export type RetryReport = z.output<typeof RetryReportSchema>;
