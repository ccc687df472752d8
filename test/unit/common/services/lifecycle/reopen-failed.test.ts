import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FailedSelection } from "../../../../../lambdas/common/core/batches/reschedule/reopen-batch.ts";
import type { ListPosition } from "../../../../../lambdas/common/core/list-page.ts";
import { productKey } from "../../../../../lambdas/common/core/products/product-key.ts";
import type { ReopenedReport } from "../../../../../lambdas/common/services/lifecycle/reopen-failed.ts";
import { asinNumber } from "../../../../helpers/rows.ts";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";

/** Time in which an answer must be there: the function ends after 29 s. */
const IN_TIME_MS = 20_000;
const PAGE_ITEMS = 100;

let world: LifecycleWorld;
let line: ReturnType<LifecycleWorld["process"]>;

beforeEach(() => {
  world = new LifecycleWorld(undefined, PAGE_ITEMS);
  line = world.process();
});

/** Runs `products` to their end; each fails with the code that `codeOf` gives. */
const failAll = async (products: number, codeOf: (asin: string) => string): Promise<void> => {
  await world.open(products, 5);
  world.verdict = (asin) => ({ kind: "failed", code: codeOf(asin) });
  for (let round = 0; round < 300 && world.run.open_shard !== undefined; round += 1) {
    world.nowMs += 3_000;
    await line.dispatcher.topUp();
    await line.consume(10);
  }
  expect(world.run).toMatchObject({ failed: products, pending: 0 });
};

/** Repeats the request from where the one before stopped, every step of it taking `stepMs`. */
const repeat = async (selection: FailedSelection, stepMs: number): Promise<ReopenedReport[]> => {
  const slow = world.process(async () => {
    world.nowMs += stepMs;
  });
  const reports: ReopenedReport[] = [];
  for (let start: ListPosition | undefined; reports.length < 50; ) {
    const startMs = world.nowMs;
    const report = await slow.lifecycle.retry(world.run, selection, start);
    expect(world.nowMs - startMs).toBeLessThan(IN_TIME_MS);
    reports.push(report);
    start = report.next;
    if (start === undefined) return reports;
  }
  throw new Error("the requests get no further");
};

/** Notes failures of products that are long enriched or cancelled in their batch: rows that nothing is behind. */
const noteOthers = (count: number, error_code: string, prefix = "www.amazon.at#") =>
  line.failures.saveMany(
    Array.from({ length: count }, (_, n) => ({
      ...{ tracking_id: world.runId, catalog_id: "cat_1", batch_id: `${world.runId}#0000002`, error_code },
      ...{ product_key: `${prefix}${asinNumber(n)}`, source: null, raw_code: error_code },
      ...{ message: "words", attempts: 0, failed_at: new Date(world.nowMs).toISOString() },
    })),
  );

const sum = (reports: readonly ReopenedReport[]) => reports.reduce((total, { products }) => total + products, 0);

describe("a retry of very many failures", () => {
  it("continues request by request where the one before stopped, and reopens every product once", async () => {
    await failAll(120, () => "NotFound");
    // So slow that a request gets through a part only.
    const reports = await repeat({}, 150);
    expect(reports.length).toBeGreaterThan(1);
    expect(sum(reports)).toBe(120);
    expect(world.run).toMatchObject({ pending: 120, failed: 0, failure_counts: { NotFound: 0 } });
    expect({ parked: 0, parked_first: 0, ...world.run }).toMatchObject(world.countedFromRows());
  });

  it("ends in time over pages without a match, and finds what comes after them", async () => {
    await failAll(10, () => "Timeout");
    await noteOthers(3_000, "NotFound");
    const reports = await repeat({ errorCodes: ["Timeout"] }, 1_000);
    expect(reports.length).toBeGreaterThan(2);
    expect(reports[0]).toMatchObject({ products: 0 });
    expect(sum(reports)).toBe(10);
    expect(world.run).toMatchObject({ pending: 10, failed: 0 });
  });

  it("without a start passes over what was reopened before", async () => {
    await failAll(30, () => "NotFound");
    expect(await line.lifecycle.retry(world.run, {})).toEqual({ products: 30, batches: 7, inProgress: 0 });
    expect(await line.lifecycle.retry(world.run, {})).toEqual({ products: 0, batches: 0, inProgress: 0 });
  });

  it("finds a rare code by the index of codes, whichever runs have it too", async () => {
    const rare = [asinNumber(3), asinNumber(17), asinNumber(100_002)];
    await failAll(60, (asin) => (rare.includes(asin) ? "Timeout" : "NotFound"));
    const scan = vi.spyOn(line.failures, "scanOpen");
    await line.failures.saveMany([
      {
        ...{ tracking_id: "enrich_other_1", catalog_id: "other", batch_id: "enrich_other_1#0000001" },
        ...{ product_key: productKey("www.amazon.com", asinNumber(1)), error_code: "Timeout", source: null },
        ...{ raw_code: "Timeout", message: "words", attempts: 0, failed_at: new Date(world.nowMs).toISOString() },
      },
    ]);
    const report = await line.lifecycle.retry(world.run, { errorCodes: ["Timeout", "Other"] });
    expect(report).toEqual({ products: 3, batches: 3, inProgress: 0 });
    expect(scan).not.toHaveBeenCalled();
    expect(world.run).toMatchObject({ pending: 3, failed: 57, failure_counts: { NotFound: 57, Timeout: 0 } });
  });

  it("continues inside the index of codes", async () => {
    await failAll(600, (asin) => (asin.endsWith("7") ? "Timeout" : "NotFound"));
    expect(world.run.failure_counts.Timeout).toBe(60);
    const reports = await repeat({ errorCodes: ["Other", "Timeout"] }, 220);
    expect(reports.length).toBeGreaterThan(1);
    expect(sum(reports)).toBe(60);
    expect(world.run).toMatchObject({ pending: 60, failed: 540 });
  });

  it("continues within the ASINs that were named", async () => {
    await failAll(120, () => "NotFound");
    const asins = world.rows.flatMap(({ items }) => items.map(({ asin }) => asin));
    const reports = await repeat({ asins }, 150);
    expect(reports.length).toBeGreaterThan(1);
    expect(sum(reports)).toBe(120);
  });

  it("counts the products of a held batch once, however many pages they are on", async () => {
    await world.open(10, 5);
    const waiting = asinNumber(3);
    world.verdict = (asin) =>
      asin === waiting
        ? { kind: "wait", retryAtMs: world.nowMs + 600_000, shortCall: false }
        : { kind: "failed", code: "NotFound" };
    for (let round = 0; round < 10; round += 1) {
      await line.dispatcher.topUp();
      await line.consume(10);
    }
    expect(world.run).toMatchObject({ failed: 9, pending: 1 });
    // Between the first and the second failure of the batch lie more than one page.
    await noteOthers(250, "NotFound", `${productKey("www.amazon.com", asinNumber(1))}-`);
    const [held] = world.rows;
    if (!held) throw new Error("there is no batch");
    const claim = await line.batches.claim({
      ...{ catalog_id: held.catalog_id, batch_id: held.batch_id, generation: held.generation + 1, owner: "holder" },
      ...{ now: new Date(world.nowMs).toISOString(), lease_until: new Date(world.nowMs + 70_000).toISOString() },
    });
    expect(claim.kind).toBe("claimed");
    const report = await line.lifecycle.retry(world.run, {});
    expect(report).toEqual({ products: 5, batches: 2, inProgress: 4 });
  });
});
