import { describe, expect, it } from "vitest";
import { aProduct } from "../../helpers/products.ts";
import { asinNumber, NOON } from "../../helpers/rows.ts";
import { exportDeps } from "../../helpers/worlds/export-world.ts";
import { EXPORT_ID, jobOf, resultOf, worldOf } from "./fixture.ts";
import { AGAIN, DONE, deliver, MESSY, records } from "./messy-export.ts";

describe("an export", () => {
  it("has one line a row in the order of the file, with the user's cells and then the run's outcome", async () => {
    const world = await worldOf(MESSY);
    expect(await deliver(exportDeps(world))).toEqual(DONE);
    expect(resultOf(world).startsWith("\uFEFFsku,ASIN,marketplace,title,note,column_6,state,missing,")).toBe(true);
    const rows = records(world);
    expect(rows.map((row) => [row.sku, row.state, row.error_code, row.enrichline_title])).toEqual([
      ["s1", "enriched", "", `T ${asinNumber(1)}`],
      ["s2", "enriched", "", `T ${asinNumber(2)}`],
      ["s3", "rejected", expect.stringMatching(/^INVALID_ROW: \S/), ""],
      ["s4", "failed", "NotFound", ""],
      ["s5", "duplicate", "", `T ${asinNumber(1)}`],
      ["s6", "enriched", "", `T ${asinNumber(1)}`],
      ["s7", "pending", "", ""],
      ["s8", "enriched", "", `T ${asinNumber(9)}`],
    ]);
    expect(rows.map((row) => row.note)).toEqual(["'=1+1", 'a "b", c', "", "+49", "'-", "'@x", "", "two\nlines"]);
    expect(rows.map((row) => row.ASIN)[4]).toBe(` ${asinNumber(1).toLowerCase()} `);
    expect(rows.map((row) => row.column_6)).toEqual(["", "", "", "", "", "surplus", "", ""]);
    expect(jobOf(world)).toMatchObject({
      state: "ready",
      rows_read: 8,
      rows_written: 8,
      total_rows: 8,
      checkpoint: null,
    });
  });

  it("ends with the first field in it, over all of its passes, and has no field that is over", async () => {
    const world = await worldOf(MESSY);
    const at = (minutes: number) => new Date(NOON - minutes * 60_000).toISOString();
    const keyOf = (index: number) => `www.amazon.com#${asinNumber(index)}`;
    world.products.set(keyOf(1), aProduct({ product_id: keyOf(1), asin: asinNumber(1), last_refresh_at: at(90) }));
    // Kept without end, so it ends nothing.
    const keepa = { source: "keepa" as const, fetched_at: at(9_000) };
    world.products.set(keyOf(9), aProduct({ product_id: keyOf(9), asin: asinNumber(9), provenance: { title: keepa } }));
    await deliver(exportDeps(world));
    expect(jobOf(world)).toMatchObject({ state: "ready", valid_until: at(90 - 1_440) });
    const rows = records(world);
    expect(rows.map(({ sku, valid_until }) => [sku, valid_until])).toEqual([
      ["s1", at(90 - 1_440)],
      ["s2", at(-1_440)],
      ["s3", ""],
      ["s4", ""],
      ["s5", at(90 - 1_440)],
      ["s6", at(-1_440)],
      ["s7", ""],
      ["s8", ""],
    ]);
  });

  it("for a public site lacks the prices that may not stand there, and only those", async () => {
    const world = await worldOf(MESSY);
    const key = `www.amazon.com#${asinNumber(1)}`;
    const from = (source: "keepa" | "creators-api") => ({ source, fetched_at: new Date(NOON).toISOString() });
    const provenance = {
      title: from("keepa"),
      current_price: from("keepa"),
      currency: from("keepa"),
      availability_type: from("creators-api"),
    };
    world.products.set(key, aProduct({ product_id: key, asin: asinNumber(1), provenance }));
    const job = jobOf(world);
    world.exports.jobs.set(EXPORT_ID, { ...job, public: true });
    await deliver(exportDeps(world));
    expect(records(world)[0]).toMatchObject({
      enrichline_title: "Desk lamp",
      price: "",
      currency: "",
      availability: "in_stock",
      missing: "current_price; currency",
    });
  });

  it("has a line for each product of a row with several, each with its own ASIN and outcome", async () => {
    const list = [1, 2, 1, 7].map(asinNumber).join("; ");
    const world = await worldOf(`sku,ASIN,note\ns1,"${list}",x\ns2,${asinNumber(9)},y\n`);
    expect(await deliver(exportDeps(world))).toEqual(DONE);
    expect(records(world).map((row) => [row.sku, row.ASIN, row.note, row.state])).toEqual([
      ["s1", asinNumber(1), "x", "enriched"],
      ["s1", asinNumber(2), "x", "enriched"],
      ["s1", asinNumber(1), "x", "duplicate"],
      ["s1", asinNumber(7), "x", "failed"],
      ["s2", asinNumber(9), "y", "enriched"],
    ]);
  });

  it("as JSON lines has the same rows with the text untouched", async () => {
    const world = await worldOf(MESSY, { format: "jsonl" });
    await deliver(exportDeps(world));
    const rows = resultOf(world)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(8);
    expect(rows[0]).toMatchObject({ note: "=1+1", title: "mine", state: "enriched", missing: [], price: "19.90" });
    expect(rows[5]).toMatchObject({ column_6: "surplus" });
    expect(rows[6]).toMatchObject({ sku: "s7", note: "", state: "pending", enrichline_title: null });
  });

  it.each([
    ["enriched", ["s1", "s2", "s6", "s8"]],
    ["failed", ["s4"]],
    ["duplicate", ["s5"]],
    ["rejected", ["s3"]],
    ["cancelled", []],
  ] as const)("of one state has only %s rows", async (rowState, skus) => {
    const world = await worldOf(MESSY, { rowState });
    await deliver(exportDeps(world));
    expect(records(world).map((row) => row.sku)).toEqual(skus);
    expect(jobOf(world)).toMatchObject({ state: "ready", rows_read: 8, rows_written: skus.length });
  });

  it("shows what no batch holds yet as pending, and as cancelled after a cancelled run", async () => {
    const csv = ["asin", ...Array.from({ length: 12 }, (_, n) => asinNumber(n * 10))].join("\n");
    for (const [runState, expected] of [
      ["running", "pending"],
      ["cancelled", "cancelled"],
    ] as const) {
      const world = await worldOf(csv, { unsent: 2, runState });
      await deliver(exportDeps(world));
      expect(records(world).map((row) => row.state)).toEqual([
        ...Array.from({ length: 5 }, () => "enriched"),
        ...Array.from({ length: 7 }, () => expected),
      ]);
    }
  });

  it("of a catalog that was never enriched shows every product as pending, with what is stored of it", async () => {
    const world = await worldOf(MESSY);
    const job = jobOf(world);
    world.exports.jobs.set(EXPORT_ID, { ...job, tracking_id: null });
    world.run = undefined;
    world.batches = [];
    await deliver(exportDeps(world));
    expect(records(world).map((row) => row.state)).toEqual([
      "pending",
      "pending",
      "rejected",
      "pending",
      "duplicate",
      "pending",
      "pending",
      "pending",
    ]);
    expect(records(world)[0]).toMatchObject({ enrichline_title: `T ${asinNumber(1)}`, source: "creators-api" });
  });

  it("stops rather than mix up rows and states that do not belong together", async () => {
    const world = await worldOf(MESSY);
    const [first] = world.batches;
    first?.items.reverse();
    expect(await deliver(exportDeps(world))).toEqual(AGAIN);
    expect(world.logs.join()).toMatch(/batch 1 of run enrich_cat_1_1 holds B0\d+ where B0\d+ belongs/);
  });
});
