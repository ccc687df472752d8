import { beforeEach, describe, expect, it } from "vitest";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";
import { consumeToEnd } from "./lifecycle-steps.ts";

let world: LifecycleWorld;
let line: ReturnType<LifecycleWorld["process"]>;

/** 40 products in batches of 5: 28 and 12 in two shops, so 9 batches; the window holds 12 products. */
beforeEach(async () => {
  world = new LifecycleWorld();
  line = world.process();
  await world.open(40, 5);
});

describe("retrying", () => {
  const fail = async (): Promise<void> => {
    world.verdict = (asin) =>
      Number(asin.slice(2)) % 4 === 0
        ? { kind: "failed", code: Number(asin.slice(2)) % 8 === 0 ? "NotFound" : "ItemNotAccessible" }
        : { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false };
    await line.dispatcher.topUp();
    await consumeToEnd(world, line);
    expect(world.run).toMatchObject({ state: "completed_with_failures", failed: 10, enriched: 30 });
    world.verdict = () => ({ kind: "enriched", source: "keepa", fromCache: false, incomplete: false });
  };

  it("reopens the chosen ones inside the run, which closes again with nothing of them failed", async () => {
    await fail();
    const asked = await line.lifecycle.retry(world.run, { errorCodes: ["NotFound"] });
    expect(asked).toMatchObject({ products: 4, inProgress: 0 });
    expect(world.run).toMatchObject({ state: "running", pending: 4, failed: 6, finished_at: null, open_shard: "open" });
    expect(world.run.failure_counts).toMatchObject({ NotFound: 0, ItemNotAccessible: 6 });
    const page = await line.failures.listOpen(world.runId, { limit: 100, error_code: "NotFound" });
    expect(page.items.every((row) => row.retrying_since !== undefined)).toBe(true);
    await consumeToEnd(world, line);
    expect(world.run).toMatchObject({ state: "completed_with_failures", pending: 0, failed: 6, enriched: 34 });
    expect((await line.failures.listOpen(world.runId, { limit: 100 })).items).toHaveLength(6);
    expect(world.dynamo.items("failures").filter((row) => row.closed_at !== undefined)).toHaveLength(4);
  });

  it("keeps the failure of a product that fails again, and can try it again", async () => {
    await fail();
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    const [asin = ""] = world.rows.flatMap(({ items }) => items).flatMap((i) => (i.state === "failed" ? [i.asin] : []));
    await line.lifecycle.retry(world.run, { asins: [asin] });
    await consumeToEnd(world, line);
    const again = await line.failures.getMany(world.runId, [`www.amazon.com#${asin}`]);
    expect(again).toMatchObject([{ error_code: "NotFound" }]);
    expect(again[0]?.retrying_since).toBeUndefined();
    expect(await line.lifecycle.retry(world.run, { asins: [asin] })).toMatchObject({ products: 1 });
  });

  it("leaves products whose batch is being worked on, and says how many", async () => {
    await fail();
    await line.lifecycle.retry(world.run, { errorCodes: ["NotFound"] });
    const held = world.rows.filter((row) => row.items.some((item) => item.state === "pending"));
    for (const row of held) {
      await line.batches.claim({
        catalog_id: row.catalog_id,
        batch_id: row.batch_id,
        generation: row.generation,
        owner: "holder",
        now: new Date(world.nowMs).toISOString(),
        lease_until: new Date(world.nowMs + 70_000).toISOString(),
      });
    }
    const inHeld = held.flatMap(({ items }) => items).filter(({ state }) => state === "failed").length;
    const asked = await line.lifecycle.retry(world.run, {});
    expect(asked).toMatchObject({ inProgress: inHeld, products: 6 - inHeld });
  });

  it("resends reopened batches at the pace of the source, not all at once", async () => {
    await fail();
    world.messages.length = 0;
    await line.lifecycle.retry(world.run, {});
    // Ten products at ten a second: the last one waits most of a second.
    const waits = world.messages.map(({ visibleAtMs }) => visibleAtMs - world.nowMs);
    expect(Math.min(...waits)).toBe(0);
    expect(Math.max(...waits)).toBeGreaterThan(500);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  it("starts the pace of a repeated retry after what the first one reopened", async () => {
    await fail();
    await line.lifecycle.retry(world.run, { errorCodes: ["NotFound"] });
    world.messages.length = 0;
    await line.lifecycle.retry(world.run, { errorCodes: ["ItemNotAccessible"] });
    // Four products are ahead, at ten a second; batches that hold some of both keep their earlier time.
    const after = world.rows.flatMap(({ items }) =>
      items.flatMap((item) => {
        const second = item.reopened && Number(item.asin.slice(2)) % 8 === 4;
        return second && item.next_attempt_at ? [Date.parse(item.next_attempt_at) - world.nowMs] : [];
      }),
    );
    expect(after).toHaveLength(6);
    expect(Math.min(...after)).toBeGreaterThanOrEqual(400);
    expect(Math.max(...after)).toBeLessThan(1_000);
  });

  it("shows a product that fails again at once as failed, not as being tried", async () => {
    await fail();
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    const asins = world.rows.flatMap(({ items }) => items).flatMap((i) => (i.state === "failed" ? [i.asin] : []));
    // The consumer is so fast that it is done with every message before the sender continues, within a millisecond.
    const send = line.batchQueue.send;
    line.batchQueue.send = async (queue, messages) => {
      await send(queue, messages);
      await line.consume(100);
    };
    await line.lifecycle.retry(world.run, { asins: asins.slice(0, 1) });
    expect(world.run).toMatchObject({ pending: 0, failed: 10 });
    const isOpen = ({ closed_at, retrying_since }: Record<string, unknown>) => !closed_at && !retrying_since;
    expect(world.dynamo.items("failures").filter(isOpen)).toHaveLength(10);
  });

  it("notes no retry of a product that failed again since it was reopened", async () => {
    await fail();
    const [row] = (await line.failures.listOpen(world.runId, { limit: 1 })).items;
    if (!row) throw new Error("nothing failed");
    const at = (ms: number) => new Date(Date.parse(row.failed_at) + ms).toISOString();
    const noted = async () => (await line.failures.getMany(world.runId, [row.product_key]))[0]?.retrying_since;
    await line.failures.markRetrying(world.runId, [row.product_key], at(-1));
    expect(await noted()).toBeUndefined();
    await line.failures.markRetrying(world.runId, [row.product_key], at(1));
    expect(await noted()).toBe(at(1));
  });

  it("is refused once the run is cancelled or another one began", async () => {
    await fail();
    const closed = world.run;
    const { run } = world;
    const other = { ...run, batch_id: "enrich_cat_1_2", open_shard: "open", state: "queued" as const };
    const catalog = await line.catalogs.getCatalog("cat_1", "user-1");
    await line.runs.createRun(catalog, other);
    await expect(line.lifecycle.retry(closed, {})).rejects.toMatchObject({ name: "ConflictError", code: "run_active" });
    expect(world.run).toMatchObject({ state: "completed_with_failures", failed: 10 });
  });
});
