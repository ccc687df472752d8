import * as z from "zod";
import { AvailabilitySchema } from "../../products/product.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import { EVENT_FIELDS } from "./event-fields.ts";

/** Data of `ProductPriceChanged`. */
export const ProductPriceChangedSchema = z
  .object({
    asin: EVENT_FIELDS.asin,
    region: EVENT_FIELDS.region,
    old_price: EVENT_FIELDS.amount.describe("Price before, decimal text."),
    old_currency: EVENT_FIELDS.currency.describe("Its currency, ISO 4217."),
    new_price: EVENT_FIELDS.amount.describe("Price now, decimal text."),
    currency: EVENT_FIELDS.currency.describe("Its currency, ISO 4217."),
    source: SourceIdSchema.describe("Source that gave the new price."),
    public: z.boolean().describe("Whether both prices may stand on a public site."),
    changed_at: EVENT_FIELDS.time.describe(
      "When the source gave the new price: the date and time that must stand beside it where it is shown.",
    ),
  })
  .meta({
    id: "ProductPriceChanged",
    description: "A price changed. Only for sources whose licence lets prices be recorded.",
  });
export type ProductPriceChanged = z.infer<typeof ProductPriceChangedSchema>;

/** Data of `ProductBecameUnavailable`. */
export const ProductBecameUnavailableSchema = z
  .object({
    asin: EVENT_FIELDS.asin,
    region: EVENT_FIELDS.region,
    previous_availability: AvailabilitySchema.describe("What was recorded before."),
    changed_at: EVENT_FIELDS.time.describe("When it was noticed."),
  })
  .meta({
    id: "ProductBecameUnavailable",
    description:
      "A product is not sold any more. Only where what it was before came from a source whose licence lets it be recorded.",
  });
export type ProductBecameUnavailable = z.infer<typeof ProductBecameUnavailableSchema>;
