import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonScanner } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/json-scanner.ts";
import { testSeed } from "../../../../../../helpers/test-seed.ts";

const SEED = testSeed("JSON scanner", 20_260_516);

const scan = (text: string, chunk = 7) => {
  const items: [unknown, number][] = [];
  const envelope: [string, unknown, number][] = [];
  const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
  const scanner = new JsonScanner({
    onEnvelope: (key, bytes, line) => envelope.push([key, parse(bytes), line]),
    onItem: (bytes, line) => items.push([parse(bytes), line]),
  });
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunk) scanner.feed(bytes.subarray(start, start + chunk));
  scanner.end();
  return { items, envelope };
};

describe("JsonScanner", () => {
  it("finds items and other keys with the line on which each starts", () => {
    const text =
      '{\n "name": "a\\"]}",\n "products": [\n  {"asin": "x",\n   "n": [1, {"a": 2}]},\n  "y", 3\n ],\n "more": {"asins": [1]},\n "last": null\n}\n';
    expect(scan(text)).toEqual({
      items: [
        [{ asin: "x", n: [1, { a: 2 }] }, 4],
        ["y", 6],
        [3, 6],
      ],
      envelope: [
        ["name", 'a"]}', 2],
        ["more", { asins: [1] }, 8],
        ["last", null, 9],
      ],
    });
  });

  it("finds the items of any list, cut into chunks anywhere", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.boolean(),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 9 }),
        (list, bare, indent, chunk) => {
          const text = JSON.stringify(
            bare ? list : { before: { products: [1] }, products: list, after: 1 },
            null,
            indent,
          );
          const found = scan(text, chunk).items.map(([item]) => item);
          expect(JSON.stringify(found)).toBe(JSON.stringify(list));
        },
      ),
      { seed: SEED },
    );
  });

  it.each([
    ["x", /neither { nor \[/],
    ["[1, 2", /breaks off/],
    ['{"products": [{"asin": "x"}', /breaks off/],
    ['{"products": {}}', /"products" must be a list/],
    ['{"name": "x"}', /no list of products/],
    ['{"a": 1,}', /key in quotes/],
    ['{"a" 1}', /colon/],
    ["[1]\n[2]", /line 2: there is more after its end/],
    ["[1 2]", /comma or ]/],
    ['{"a": 1 "b": 2}', /comma or }/],
    ['{"\\x": 1}', /key is not a right string/],
  ])("refuses %j", (text, message) => {
    expect(() => scan(text)).toThrow(message);
    expect(() => scan(text)).toThrow(expect.objectContaining({ code: "malformed_json", status: 400 }));
  });

  it("does not hold a value over 1 MB", () => {
    expect(() => scan(`["${"x".repeat(1_100_000)}"]`, 65_536)).toThrow(/longer than 1 MB/);
  });
});
