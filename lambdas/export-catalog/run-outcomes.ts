import type { BatchItem, BatchRow } from "../common/core/batches/batch-row.ts";
import type { CatalogSegment } from "../common/core/catalogs/catalog-segment.ts";
import type { RowOutcome } from "../common/core/exports/enrichment-cells.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";

/** Batches read at once: a few hundred kilobytes, well under the megabyte of a query's page. */
const BATCHES_PER_READ = 50;

/** Stretch of one shop's batches that is in memory. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly items: ReadonlyMap<number, readonly BatchItem[]>;
}

/** Numbers of the batches of one shop. */
interface ShopBatches {
  readonly first: number;
  readonly last: number;
}

const batchesByShop = (segments: readonly CatalogSegment[], batchSize: number): Map<string, ShopBatches> => {
  let before = 0;
  return new Map(
    segments.map(({ marketplace, products }) => {
      const first = before + 1;
      before += Math.ceil(products / batchSize);
      return [marketplace, { first, last: before }];
    }),
  );
};

/**
 * How the products of a catalog fared in a run, asked in the order of the file. Batches are in the order of the shops'
 * segments, but within one shop both orders are the same: so one window of batches a shop is enough, however many rows
 * there are.
 */
export class RunOutcomes {
  readonly #run: RunRow | undefined;
  readonly #read: (from: number, to: number) => Promise<readonly BatchRow[]>;
  readonly #shops: ReadonlyMap<string, ShopBatches>;
  readonly #windows = new Map<string, Window>();

  /**
   * @param run undefined before the first: then every product is pending
   * @param read batches of the run by number, both ends included; those not written yet left out
   */
  constructor(run: RunRow | undefined, read: (from: number, to: number) => Promise<readonly BatchRow[]>) {
    this.#run = run;
    this.#read = read;
    this.#shops = run ? batchesByShop(run.segments, run.options.batch_size) : new Map();
  }

  /**
   * How the `place`-th product (from 0) of a shop fared. What no batch holds yet is pending, or cancelled with its run.
   * @throws Error when the batches hold another product there: then rows and states do not belong together
   */
  async of(marketplace: string, place: number, asin: string): Promise<RowOutcome> {
    const run = this.#run;
    if (!run) return { state: "pending" };
    const size = run.options.batch_size;
    const shop = this.#shops.get(marketplace);
    if (!shop) throw new Error(`run ${run.batch_id} has no products of ${marketplace}`);
    const number = shop.first + Math.floor(place / size);
    let window = this.#windows.get(marketplace);
    if (!window || number < window.from || number > window.to) {
      window = await this.#load(number, Math.min(shop.last, number + BATCHES_PER_READ - 1));
      this.#windows.set(marketplace, window);
    }
    const items = window.items.get(number);
    if (!items) return { state: run.state === "cancelled" || run.dropped !== undefined ? "cancelled" : "pending" };
    const item = items[place % size];
    if (item?.asin !== asin) {
      throw new Error(`batch ${number} of run ${run.batch_id} holds ${item?.asin ?? "nothing"} where ${asin} belongs`);
    }
    return item;
  }

  async #load(from: number, to: number): Promise<Window> {
    const batches = await this.#read(from, to);
    return { from, to, items: new Map(batches.map(({ number, items }) => [number, items])) };
  }
}
