import * as z from "zod";
import { IsoTimeSchema } from "../../iso-time.ts";
import { PRODUCT_FIELDS, type Product } from "../../products/product.ts";
import { SOURCE_IDS, type SourceId, SourceIdSchema } from "../../source-ids.ts";
import { endsHour } from "../content-end.ts";
import { endsAtMs } from "../field-rights.ts";
import type { LicenceBook } from "../licence-book.ts";

const Count = z.number().int().min(0);

/** What is held of one source. */
export const HeldContentSchema = z.object({
  products: Count.describe("Stored products with a field of it."),
  fields: Count.describe("Fields in them."),
  oldest: IsoTimeSchema.nullable().describe("When the oldest of these fields was fetched; null: there is none."),
  ends: z
    .record(z.string(), Count)
    .describe(
      "Fields by the hour (UTC) in which their licence ends, such as 2026-11-30T14; those without end are in none.",
    ),
  raw_answers: Count.describe("Stored raw answers."),
  exports: Count.describe("Files of exports that show a field of it, or of which nobody knows."),
});
export type HeldContent = z.infer<typeof HeldContentSchema>;

/** A count of all content, finished or under way. */
export const CensusSchema = z.object({
  started_at: IsoTimeSchema,
  /** When it was finished; null: it is under way. */
  counted_at: IsoTimeSchema.nullable(),
  step: z.enum(["products", "raw", "exports"]),
  /** Key after which the step continues; null: from the beginning. */
  after: z.string().nullable(),
  products_read: Count,
  held: z.record(SourceIdSchema, HeldContentSchema),
});
export type Census = z.infer<typeof CensusSchema>;

/** A count that begins. */
export const newCensus = (startedAt: string): Census => ({
  started_at: startedAt,
  counted_at: null,
  step: "products",
  after: null,
  products_read: 0,
  held: Object.fromEntries(
    SOURCE_IDS.map((source) => [
      source,
      { products: 0, fields: 0, oldest: null, ends: {}, raw_answers: 0, exports: 0 },
    ]),
  ) as Record<SourceId, HeldContent>,
});

/** The count with these products added, by what they hold in the table, ended or not. */
export const countProducts = (
  census: Census,
  products: readonly Pick<Product, "provenance">[],
  licences: LicenceBook,
): Census => {
  const held = structuredClone(census.held);
  for (const { provenance } of products) {
    const holders = new Set<SourceId>();
    for (const field of PRODUCT_FIELDS) {
      const origin = provenance[field];
      if (origin === undefined) continue;
      const of = held[origin.source];
      holders.add(origin.source);
      of.fields += 1;
      if (of.oldest === null || origin.fetched_at < of.oldest) of.oldest = origin.fetched_at;
      const endMs = endsAtMs(field, origin, licences);
      if (endMs === null) continue;
      const hour = endsHour(endMs);
      of.ends[hour] = (of.ends[hour] ?? 0) + 1;
    }
    for (const source of holders) held[source].products += 1;
  }
  return { ...census, held, products_read: census.products_read + products.length };
};
