import * as z from "zod";
import { HistoryFieldSchema } from "../../history/history-fields.ts";
import { PriceSeriesNameSchema } from "../../history/price-history.ts";
import { AsinSchema } from "../../products/asin.ts";
import { SourceIdSchema } from "../../source-ids.ts";

const PointSchema = z
  .object({
    at: z.iso.datetime().describe("From when on."),
    value: z.string().nullable().describe("What it was until the next point; null: nothing was known."),
    currency: z.string().nullable().describe("Currency of a price, ISO 4217; null of other fields."),
    source: SourceIdSchema.nullable().describe("The source that gave it; null where nothing was known."),
    fetched_at: z.iso.datetime().nullable().describe("When the source gave it; null where nothing was known."),
    store_until: z.iso
      .datetime()
      .nullable()
      .describe("Until when it may be kept; null: as long as the licence of its source has a history."),
    public: z.boolean().describe("Whether it may stand on a public site."),
  })
  .meta({ id: "HistoryPoint" });

const SeriesSchema = z
  .object({
    field: HistoryFieldSchema.describe("The field."),
    recorded: z.boolean().describe("Whether its changes are recorded now, by the licence of the source that gives it."),
    why: z.string().nullable().describe("Why they are not, or why there are no points; null: there is nothing to say."),
    points: z.array(PointSchema).describe("Changes in the order of time; a plot draws steps between them."),
  })
  .meta({ id: "HistorySeries" });
export type Series = z.infer<typeof SeriesSchema>;

const PriceSchema = z
  .object({
    at: z.iso.datetime().describe("From when on."),
    value: z
      .string()
      .nullable()
      .describe("The price until the next point; null: nobody offered it, or nothing is known."),
  })
  .meta({ id: "KeptPrice" });

const KeptSeriesSchema = z
  .object({
    name: PriceSeriesNameSchema.describe(
      "`buy_box`: with shipping; `amazon`: Amazon's own offer; `new`: the lowest new offer, before 2026-02-16 without shipping; `list_price`.",
    ),
    has_earlier: z.boolean().describe("Whether there are earlier points that are left out as too many."),
    points: z.array(PriceSchema).describe("Changes in the order of time; a plot draws steps between them."),
  })
  .meta({ id: "KeptSeries" });

/** Prices that Keepa kept by itself. */
const KeptPricesSchema = z
  .object({
    source: SourceIdSchema.describe("Who kept them."),
    fetched_at: z.iso.datetime().nullable().describe("When they were fetched; null: they never were."),
    store_until: z.iso
      .datetime()
      .nullable()
      .describe("Until when they may be kept, by the licence of their source; null: without end."),
    currency: z.string().describe("Currency of all prices, ISO 4217."),
    public: z.boolean().describe("Whether they may stand on a public site."),
    why: z.string().nullable().describe("Why there are none, or none newer; null: there is nothing to say."),
    series: z.array(KeptSeriesSchema).describe("Those that the source has."),
  })
  .meta({ id: "KeptPrices" });
export type KeptPricesAnswer = z.infer<typeof KeptPricesSchema>;

/** Answer of `GET /products/{asin}/history`. */
export const HistoryAnswerSchema = z
  .object({
    asin: AsinSchema.describe("The product."),
    marketplace: z.string().describe("Its shop."),
    from: z.iso.datetime().nullable().describe("Begin of what is given out; null: of what is recorded."),
    to: z.iso.datetime().describe("Its end."),
    has_earlier: z
      .boolean()
      .describe("Whether there are changes before the first point that are left out as too many."),
    series: z.array(SeriesSchema).describe("A series for each field that was asked for."),
    kept: KeptPricesSchema.nullable().describe("With `series=keepa` the prices that Keepa kept by itself, else null."),
  })
  .meta({ id: "History" });
export type HistoryAnswer = z.infer<typeof HistoryAnswerSchema>;
