import { describe, expect, it } from "vitest";
import { layoutOf } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/row-layout.ts";
import { judgeRow } from "../../../../../../../lambdas/common/core/catalogs/ingest/rows/row-judge.ts";

const layout = layoutOf(["asin", "sku", "marketplace", "url"]);
const judge = (...cells: string[]) =>
  judgeRow(cells, layout, { marketplace: "www.amazon.com", repairLeadingZeros: false });

describe("the shop of a row", () => {
  it.each([
    ["the upload's when the row names none", ["B07KNVH9W9", "1"], "www.amazon.com"],
    ["the address's in the ASIN column", ["https://www.amazon.fr/dp/B07KNVH9W9"], "www.amazon.fr"],
    ["the address's in a column beside it", ["B07KNVH9W9", "", "", "https://amazon.it/dp/B07KNVH9W9"], "www.amazon.it"],
    [
      "the marketplace column's before any address",
      ["https://www.amazon.fr/dp/B07KNVH9W9", "", "UK"],
      "www.amazon.co.uk",
    ],
    [
      "the upload's when the address beside it is of no shop",
      ["B07KNVH9W9", "", "", "https://example.com/1"],
      "www.amazon.com",
    ],
  ])("is %s", (_, cells, marketplace) => {
    expect(judge(...cells)).toMatchObject({ kind: "accepted", asin: "B07KNVH9W9", marketplace });
  });

  it("must be one that is served", () => {
    expect(judge("B07KNVH9W9", "", "amazon.cn")).toEqual({
      kind: "invalid",
      value: "amazon.cn",
      reason:
        "is not a marketplace that is served: use one such as www.amazon.com, amazon.de or UK (the row names B07KNVH9W9)",
    });
  });
});

describe("a row", () => {
  it("is blank when it holds nothing but white space", () => {
    for (const cells of [[], [""], [" ", "\u00a0", "\t"], ["", "", "", "", ""]])
      expect(judge(...cells)).toEqual({ kind: "blank" });
  });

  it("is invalid when it holds text but no ASIN", () => {
    expect(judge(" ", "95")).toMatchObject({ kind: "invalid", reason: expect.stringContaining("no ASIN") });
  });

  it("falls back to the address when its ASIN cell is empty", () => {
    expect(judge("", "", "", "https://www.amazon.de/dp/B07KNVH9W9")).toMatchObject({
      asin: "B07KNVH9W9",
      marketplace: "www.amazon.de",
    });
  });

  it("keeps its SKU without the white space around it, up to 200 characters", () => {
    expect(judge("B07KNVH9W9", " a-1 ")).toMatchObject({ sku: "a-1" });
    expect(judge("B07KNVH9W9", "x".repeat(200))).toMatchObject({ kind: "accepted" });
    expect(judge("B07KNVH9W9", "x".repeat(201))).toMatchObject({
      kind: "invalid",
      reason: expect.stringContaining("SKU has 201"),
    });
  });

  it("may have more or fewer cells than the header", () => {
    expect(judge("B07KNVH9W9")).toMatchObject({ kind: "accepted", sku: "" });
    expect(judge("B07KNVH9W9", "1", "", "", "19.99", "see note")).toMatchObject({ kind: "accepted", sku: "1" });
  });
});
