import * as z from "zod";
import { AsinSchema } from "../../products/asin.ts";

/** A product that failed in the newest run. */
export const FailureSchema = z
  .object({
    asin: AsinSchema.describe("The product."),
    marketplace: z.string().describe("Its shop, such as www.amazon.de."),
    error_code: z.string().describe("Why it failed, for programs, such as NotFound."),
    source: z.string().nullable().describe("Source that answered last; null when none was asked."),
    raw_code: z.string().describe("The source's own code."),
    message: z
      .string()
      .describe(
        "The failure in words: the source's own where its licence lets them be kept, else what its code means and what to do.",
      ),
    attempts: z.number().int().min(0).describe("Failures that might have passed and were held against it."),
    retrying: z.boolean().describe("Whether a retry is trying it again at present."),
    first_seen_at: z.iso.datetime().describe("When it failed first."),
    last_seen_at: z.iso.datetime().describe("When it failed last."),
  })
  .meta({ id: "Failure" });
export type Failure = z.infer<typeof FailureSchema>;
