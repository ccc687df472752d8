import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { ProductOutcome } from "../../../lambdas/common/services/enrich/product-outcome.ts";
import type { EnrichProducts } from "../../../lambdas/enrich-batch/enrich/enrich-port.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { aProduct } from "../../helpers/products.ts";
import { aBatch, aRun, asinNumber, NOON } from "../../helpers/rows.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";

const RUN = "enrich_cat_1_1";
const BATCH = aBatch().batch_id;
const context = { getRemainingTimeInMillis: () => 60_000 };

const found = (asin: string): ProductOutcome => ({
  result: { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false },
  product: { product: aProduct({ asin, product_id: `www.amazon.com#${asin}` }), raw_keys: [], refresh_until: null },
});

/** Products come one by one; `between` sees the world before the next one is asked for. */
const oneByOne =
  (world: ConsumerWorld, between: (delivered: number) => void = () => undefined): EnrichProducts =>
  async ({ products, deliver }) => {
    for (const [index, { key, asin }] of products.entries()) {
      await deliver({ outcomes: new Map([[key, world.verdict(asin)]]), blockedBy: [] });
      between(index + 1);
    }
  };

const start = (run: Partial<RunRow> = {}) => {
  const world = new ConsumerWorld();
  world.verdict = found;
  world.add(aRun(run), aBatch());
  const enriched: number[] = [];
  const handle = (enrich = oneByOne(world, () => enriched.push(world.runs.get(RUN)?.enriched ?? -1))) =>
    createHandler(world.deps({ enrich }))({ Records: [world.record(aBatch())] }, context);
  return { world, enriched, handle };
};

describe("the first results of a run", () => {
  it("show after the first call, while the rest of their batch is still asked for", async () => {
    const { world, enriched, handle } = start();
    expect(await handle()).toEqual({ batchItemFailures: [] });
    expect(enriched).toEqual([1, 1, 3]);
    expect(world.runs.get(RUN)).toMatchObject({ enriched: 3, pending: 0, settled: 1, state: "completed" });
    // One record for the first product, one for all others, and every product stored once.
    expect(world.outcomes).toHaveLength(2);
    expect(world.saved.map(({ product }) => product.asin)).toEqual([1, 2, 3].map(asinNumber));
    expect(world.sent).toEqual([]);
  });

  it("leave the batch with its worker: its lease and its generation stay", async () => {
    const { world, handle } = start();
    const rows: unknown[] = [];
    await handle(oneByOne(world, () => rows.push(world.rows.get(BATCH))));
    expect(rows[0]).toMatchObject({ generation: aBatch().generation, lease_owner: expect.any(String) });
    expect(rows[0]).toMatchObject({ items: [{ state: "enriched" }, { state: "pending" }, { state: "pending" }] });
  });

  it("are not lost and not counted twice when the worker dies after them", async () => {
    const { world, handle } = start();
    const dies: EnrichProducts = async ({ products: [first], deliver }) => {
      if (first) await deliver({ outcomes: new Map([[first.key, found(first.asin)]]), blockedBy: [] });
      throw new Error("the worker dies");
    };
    expect(await handle(dies)).toEqual({ batchItemFailures: [{ itemIdentifier: `m-${BATCH}` }] });
    expect(world.runs.get(RUN)).toMatchObject({ enriched: 1, pending: 2 });
    await handle();
    expect(world.runs.get(RUN)).toMatchObject({ enriched: 3, pending: 0, settled: 1 });
    expect(world.saved.map(({ product }) => product.asin)).toEqual([1, 2, 3].map(asinNumber));
  });

  it("are recorded with their batch once the run shows some", async () => {
    const { world, enriched, handle } = start({ uploaded: 5, enriched: 2 });
    await handle();
    expect(enriched).toEqual([2, 2, 5]);
    expect(world.outcomes).toHaveLength(1);
  });

  it("are no results: products that wait change nothing before their batch is through", async () => {
    const { world, handle } = start();
    world.verdict = () => ({ result: { kind: "wait", retryAtMs: NOON + 5_000, shortCall: false } });
    await handle();
    expect(world.outcomes).toHaveLength(1);
  });

  it("send their batch back when the table does not take them, and nobody works on it meanwhile", async () => {
    const { world } = start();
    const record = async (): Promise<never> => {
      throw new TransientError("the table is away");
    };
    const deps = world.deps({ enrich: oneByOne(world), recorder: { record } as never });
    const { batchItemFailures } = await createHandler(deps)({ Records: [world.record(aBatch())] }, context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: `m-${BATCH}` }]);
    expect(world.released).toEqual([BATCH]);
  });
});
