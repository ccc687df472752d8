import { changesOf, NOTHING_RECORDED } from "../../common/core/history/change.ts";
import { METRICS } from "../../common/core/metric-names.ts";
import { changedKeys } from "../../common/platform/streams/changed-keys.ts";
import type { Deps } from "../deps.ts";
import type { ProductChanges } from "./change-sink.ts";

/** What the function works with on the stream of products. */
export type ProductDeps = Pick<Deps, "products" | "licences" | "history" | "sinks" | "log" | "meter">;

/**
 * Runs on writes of products, after their commit: finds what changed since the last recorded change and hands it to each
 * sink. It reads the products as they are now, so deliveries that come twice or out of order find nothing new. A product that no retry helps is logged and counted: it must not
 * hold up its shard.
 * @throws Error when something failed; Lambda delivers the batch again, and halves it until what fails is alone
 */
export const handleProducts =
  (deps: ProductDeps) =>
  async (event: unknown): Promise<void> => {
    const { history, licences, log, meter } = deps;
    const keys = changedKeys(event, "product_key");
    const [products, recorded] = await Promise.all([
      deps.products.getMany(keys, { consistent: true }),
      history.latest(keys),
    ]);
    const changed = [...products].flatMap(([productKey, product]): ProductChanges[] => {
      const unreadable = recorded.unreadable.get(productKey);
      if (unreadable) {
        meter.count(METRICS.PUBLISH_FAILURES, 1);
        log.error("what was recorded last of a product cannot be read and its changes are not", {
          product_key: productKey,
          error: unreadable.message,
        });
        return [];
      }
      const latest = recorded.known.get(productKey) ?? NOTHING_RECORDED;
      const changes = changesOf(product, latest, licences);
      return changes.length === 0 ? [] : [{ productKey, product, latest, changes }];
    });
    if (changed.length === 0) return;
    for (const sink of deps.sinks) await sink.take(changed);
    const changes = changed.reduce((sum, one) => sum + one.changes.length, 0);
    log.info("changes recorded", { products: changed.length, changes });
  };
