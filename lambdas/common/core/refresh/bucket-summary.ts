import * as z from "zod";

const HOURS = 24;
const CountSchema = z.number().int().min(0);

/** Products of one shop in a bucket. */
export const ShopSummarySchema = z.object({
  marketplace: z.string(),
  /** Products that the refresh keeps. */
  products: CountSchema,
  /** Of these, products of which something had ended. */
  ended: CountSchema,
  /** The others by the hour of the day (UTC) in which their first field ends: 24 counts. */
  ends_by_hour: z.array(CountSchema).length(HOURS),
});
export type ShopSummary = z.infer<typeof ShopSummarySchema>;

/** What one bucket of products held when it was read last: 1/24 of what the refresh keeps. */
export const BucketSummarySchema = z.object({
  bucket: CountSchema,
  /** ISO time of the reading. */
  as_of: z.iso.datetime(),
  /** Shops of which it held products. Shops have sources of their own, so they are counted apart. */
  shops: z.array(ShopSummarySchema),
});
export type BucketSummary = z.infer<typeof BucketSummarySchema>;

/** Counts products into the summaries of their shops. */
export class ShopCounts {
  readonly #shops = new Map<string, ShopSummary>();

  /** @param endsAtMs when its first field ends, epoch milliseconds */
  add(marketplace: string, endsAtMs: number, nowMs: number): void {
    const empty = { marketplace, products: 0, ended: 0, ends_by_hour: new Array<number>(HOURS).fill(0) };
    const summary = this.#shops.get(marketplace) ?? empty;
    this.#shops.set(marketplace, summary);
    summary.products += 1;
    if (endsAtMs <= nowMs) summary.ended += 1;
    else {
      const hour = new Date(endsAtMs).getUTCHours();
      summary.ends_by_hour[hour] = (summary.ends_by_hour[hour] ?? 0) + 1;
    }
  }

  get shops(): ShopSummary[] {
    return [...this.#shops.values()];
  }
}

/** Products of a bucket, of all shops. */
export const productsIn = ({ shops }: BucketSummary): number => shops.reduce((sum, { products }) => sum + products, 0);

/** Those of which something had ended. */
export const endedIn = ({ shops }: BucketSummary): number => shops.reduce((sum, { ended }) => sum + ended, 0);
