import * as z from "zod";
import { HistoryFieldSchema } from "../../history/history-fields.ts";
import { AsinSchema } from "../../products/asin.ts";
import { SourceIdSchema } from "../../source-ids.ts";

const PointSchema = z
  .object({
    at: z.iso.datetime().describe("From when on."),
    value: z.string().nullable().describe("What it was until the next point; null: nothing was known."),
    currency: z.string().nullable().describe("Currency of a price, ISO 4217; null of other fields."),
    source: SourceIdSchema.nullable().describe("The source that gave it; null where nothing was known."),
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
  })
  .meta({ id: "History" });
export type HistoryAnswer = z.infer<typeof HistoryAnswerSchema>;
