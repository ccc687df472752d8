import * as z from "zod";
import { handleProducts } from "./changes/handle-products.ts";
import type { Deps } from "./deps.ts";
import { handleStatus } from "./outcomes/handle-status.ts";

/** As far as it tells the streams apart: only rows of `enrichment-status` have this key. */
const OfStatusSchema = z.looseObject({
  Records: z
    .array(z.looseObject({ dynamodb: z.looseObject({ Keys: z.looseObject({ catalog_id: z.unknown() }) }) }))
    .min(1),
});

/**
 * Runs on the streams of two tables, each invocation with records of one: writes of products become history and events, writes
 * of batches and runs become events.
 * @throws Error when something failed; Lambda delivers the batch again, and halves it until what fails is alone
 */
export const createHandler = (deps: Deps) => {
  const products = handleProducts(deps);
  const status = handleStatus(deps);
  return async (event: unknown): Promise<void> => {
    try {
      const parsed = OfStatusSchema.safeParse(event);
      const isStatus = parsed.success && parsed.data.Records[0]?.dynamodb.Keys.catalog_id !== undefined;
      await (isStatus ? status(event) : products(event));
    } finally {
      deps.meter.flush();
    }
  };
};
