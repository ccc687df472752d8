import { writeAll } from "../../common/adapters/dynamodb/parallel-writes.ts";
import type { ProductHistory } from "../../common/adapters/dynamodb/product-history/product-history.ts";
import type { ChangeSink } from "./change-sink.ts";

/**
 * The sink that records changes. It is the last one: what it has recorded is not found again.
 * @throws TransientError when a product could not be recorded; the others are
 */
export const recordHistory = (history: Pick<ProductHistory, "record">): ChangeSink => ({
  take: async (changed) => {
    const failures = await writeAll(changed, ({ productKey, latest, changes }) =>
      history.record(productKey, latest, changes).then(
        () => undefined,
        (error: unknown) => ({ error }),
      ),
    );
    const failed = failures.find((failure) => failure !== undefined);
    if (failed) throw failed.error;
  },
});
