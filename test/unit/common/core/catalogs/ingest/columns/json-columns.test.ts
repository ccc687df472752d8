import { describe, expect, it } from "vitest";
import { JsonColumns } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/json-columns.ts";
import {
  type JsonItem,
  parseJsonItem,
} from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/json-item.ts";

const item = (value: unknown): JsonItem => ({ value, keys: undefined, repeated: [] });

describe("JsonColumns", () => {
  it("gives each key a column in the order in which keys appear", () => {
    const columns = new JsonColumns();

    expect(columns.cellsOf(item({ sku: 1, asin: "B07KNVH9W9" }))).toEqual({ ok: true, cells: ["1", "B07KNVH9W9"] });
    expect(columns.cellsOf(item({ ASIN: "x", note: { a: [1] }, sku: null, gone: true }))).toEqual({
      ok: true,
      cells: ["", "", "x", '{"a":[1]}', "true"],
    });
    expect(columns.columns).toEqual(["sku", "asin", "ASIN", "note", "gone"]);
    expect(columns.layout).toMatchObject({ products: [1, 2], sku: [0] });
  });

  it("takes strings and numbers as ASINs", () => {
    const columns = new JsonColumns();
    expect(columns.cellsOf(item("B07KNVH9W9"))).toEqual({ ok: true, cells: ["B07KNVH9W9"] });
    expect(columns.cellsOf(item(804_136_726))).toEqual({ ok: true, cells: ["804136726"] });
  });

  it.each([[null], [true], [["B07KNVH9W9"]]])("refuses %j", (value) => {
    expect(new JsonColumns().cellsOf(item(value))).toMatchObject({
      ok: false,
      reason: expect.stringContaining("is no product"),
    });
  });

  it("treats __proto__ and constructor as names like any other", () => {
    const columns = new JsonColumns();
    const odd = parseJsonItem('{"__proto__": {"asin": "B07KNVH9W9"}, "constructor": "x", "asin": "B08C349G96"}');

    expect(columns.cellsOf(odd)).toEqual({ ok: true, cells: ['{"asin":"B07KNVH9W9"}', "x", "B08C349G96"] });
    expect(Object.hasOwn(Object.prototype, "asin")).toBe(false);
  });

  it("refuses nesting that would overflow the stack", () => {
    const deep = parseJsonItem(`{"asin":"B07KNVH9W9","x":${"[".repeat(200_000)}${"]".repeat(200_000)}}`);
    expect(new JsonColumns().cellsOf(deep)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("nested too deep"),
    });
  });

  it("refuses more than 500 keys in all", () => {
    const columns = new JsonColumns();
    for (let i = 0; i < 500; i++) expect(columns.cellsOf(item({ [`key${i}`]: 1 })).ok).toBe(true);
    expect(columns.cellsOf(item({ asin: "B07KNVH9W9" }))).toMatchObject({
      ok: false,
      reason: expect.stringContaining("500"),
    });
  });

  it("keeps the text of numbers, at any depth", () => {
    const columns = new JsonColumns();
    const text =
      '{"asin":"B07KNVH9W9","ean":12345678901234567890,"price":1.10,"far":1e400,"none":-0,"deep":{"p":5.00},"n":17}';

    expect(columns.cellsOf(parseJsonItem(text))).toEqual({
      ok: true,
      cells: ["B07KNVH9W9", "12345678901234567890", "1.10", "1e400", "-0", '{"p":5.00}', "17"],
    });
  });

  it("keeps the order of keys that are numbers, and of none but the item's own", () => {
    const columns = new JsonColumns();
    const text = '{"asin":"B07KNVH9W9","a \\" {b":{"7":1},"2024":"x: y","10":[{"3":2}],"2024":"z"}';

    expect(columns.cellsOf(parseJsonItem(text))).toEqual({
      ok: true,
      cells: ["B07KNVH9W9", '{"7":1}', "z", '[{"3":2}]'],
    });
    expect(columns.columns).toEqual(["asin", 'a " {b', "2024", "10"]);
  });

  it("replaces halves of characters, which no file could hold", () => {
    const columns = new JsonColumns();
    const laid = columns.cellsOf(parseJsonItem('{"asin":"B07KNVH9W9","\\ud800":"a\\udc00b"}'));

    expect(laid).toEqual({ ok: true, cells: ["B07KNVH9W9", "a\ufffdb"] });
    expect(columns.columns).toEqual(["asin", "\ufffd"]);
  });
});
