import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { ContentEnds } from "../../../lambdas/common/adapters/dynamodb/content-ends/content-ends.ts";
import { EndedProducts } from "../../../lambdas/common/adapters/dynamodb/products/ended-products.ts";
import { ProductStore } from "../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import type { Deps } from "../../../lambdas/sweep-expired/deps.ts";
import { createHandler } from "../../../lambdas/sweep-expired/handler.ts";
import type { SweepReport } from "../../../lambdas/sweep-expired/sweep-report.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { LICENCES } from "../../helpers/rights.ts";
import { NOON } from "../../helpers/rows.ts";
import { silentLog } from "../../helpers/silent.ts";

/** Tables and objects of a stage whose clock is in the hands of the test. */
export class SweepWorld {
  nowMs = NOON;
  readonly dynamo = new MemoryDynamo({
    products: { keys: ["product_key"] },
    "content-ends": { keys: ["ends_hour", "ends_at_id"] },
  });
  readonly #client = this.dynamo.client();
  readonly clock = { now: () => this.nowMs, sleep: async () => {} };
  readonly ends = new ContentEnds(this.#client, "content-ends", this.clock);
  readonly store = new ProductStore(
    this.#client,
    "products",
    { licences: LICENCES, clock: this.clock, ends: this.ends },
    silentLog,
  );
  readonly products = new EndedProducts(this.#client, "products", { licences: LICENCES, clock: this.clock });
  /** Objects by key, with the time at which each was written. */
  readonly objects = new Map<string, number>();

  /** Stores products as consumers do. */
  async save(...products: Product[]): Promise<void> {
    const raw = products.map((product) => ({ product, raw_keys: ["raw/creators-api/d/1", "raw/keepa/d/2"] }));
    await this.store.saveMany(raw.map((one) => ({ ...one, refresh_until: null })));
  }

  /** Writes an item of the table of products as it is, without a note of its end. */
  async put(item: object): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: "products", Item: item }));
  }

  item(key: string): Record<string, unknown> | undefined {
    return this.dynamo.items("products").find(({ product_key }) => product_key === key);
  }

  /** One pass. */
  sweep(overrides: Partial<Deps> = {}): Promise<SweepReport> {
    const remove = async (key: string) => void this.objects.delete(key);
    return createHandler({
      licences: LICENCES,
      ends: this.ends,
      products: this.products,
      objects: {
        remove,
        removeBeside: async (key) => {
          const folder = key.slice(0, key.lastIndexOf("/") + 1);
          for (const one of [...this.objects.keys()]) if (one.startsWith(folder) && one !== key) await remove(one);
        },
        removeRaw: async (source, beforeMs) => {
          const old = [...this.objects].filter(([key, at]) => key.startsWith(`raw/${source}/`) && at <= beforeMs);
          for (const [key] of old) await remove(key);
          return { removed: old.length, isDone: true };
        },
      },
      clock: this.clock,
      log: silentLog,
      ...overrides,
    })();
  }
}
