import { describe, expect, it } from "vitest";
import { JsonColumns } from "../../../../lambdas/core/ingest/json-columns.ts";

describe("JsonColumns", () => {
  it("gives each key a column in the order in which keys appear", () => {
    const columns = new JsonColumns();

    expect(columns.cellsOf({ sku: 1, asin: "B07KNVH9W9" })).toEqual({ ok: true, cells: ["1", "B07KNVH9W9"] });
    expect(columns.cellsOf({ ASIN: "x", note: { a: [1] }, sku: null, gone: true })).toEqual({
      ok: true,
      cells: ["", "", "x", '{"a":[1]}', "true"],
    });
    expect(columns.columns).toEqual(["sku", "asin", "ASIN", "note", "gone"]);
    expect(columns.layout).toMatchObject({ products: [1], sku: 0 });
  });

  it("takes strings and numbers as ASINs", () => {
    const columns = new JsonColumns();
    expect(columns.cellsOf("B07KNVH9W9")).toEqual({ ok: true, cells: ["B07KNVH9W9"] });
    expect(columns.cellsOf(804_136_726)).toEqual({ ok: true, cells: ["804136726"] });
  });

  it.each([[null], [true], [["B07KNVH9W9"]]])("refuses %j", (item) => {
    expect(new JsonColumns().cellsOf(item)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("is no product"),
    });
  });

  it("treats __proto__ and constructor as names like any other", () => {
    const columns = new JsonColumns();
    const item: unknown = JSON.parse('{"__proto__": {"asin": "B07KNVH9W9"}, "constructor": "x", "asin": "B08C349G96"}');

    expect(columns.cellsOf(item)).toEqual({ ok: true, cells: ['{"asin":"B07KNVH9W9"}', "x", "B08C349G96"] });
    expect(Object.hasOwn(Object.prototype, "asin")).toBe(false);
  });

  it("refuses nesting that would overflow the stack", () => {
    const deep: unknown = JSON.parse(`{"asin":"B07KNVH9W9","x":${"[".repeat(200_000)}${"]".repeat(200_000)}}`);
    expect(new JsonColumns().cellsOf(deep)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("nested too deep"),
    });
  });

  it("refuses more than 500 keys in all", () => {
    const columns = new JsonColumns();
    for (let i = 0; i < 500; i++) expect(columns.cellsOf({ [`key${i}`]: 1 }).ok).toBe(true);
    expect(columns.cellsOf({ asin: "B07KNVH9W9" })).toMatchObject({
      ok: false,
      reason: expect.stringContaining("500"),
    });
  });
});
