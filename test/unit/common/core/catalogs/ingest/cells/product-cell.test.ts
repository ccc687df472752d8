import { describe, expect, it } from "vitest";
import {
  asinsIn,
  readProductCell,
} from "../../../../../../../lambdas/common/core/catalogs/ingest/cells/product-cell.ts";

const ONE = "B07KNVH9W9";
const TWO = "B08XB427HF";

describe("a cell with several products", () => {
  it.each([",", ", ", ";", "\t", "|", " ", " | ", "\n", "\r\n", "、", "，", "\u200b", '","'])(
    "is read with %j between them",
    (between) => {
      expect(asinsIn(`${ONE}${between}${TWO.toLowerCase()}`)).toEqual([ONE, TWO]);
      expect(asinsIn(`https://www.amazon.com/dp/${ONE}?th=1${between}amazon.de/dp/${TWO}`)).toEqual([ONE, TWO]);
    },
  );

  it("is a list of JSON, or has placeholders in it", () => {
    expect(asinsIn(JSON.stringify([ONE, TWO]))).toEqual([ONE, TWO]);
    expect(asinsIn(`${ONE}, N/A, ${TWO}, -`)).toEqual([ONE, TWO]);
  });

  it("gives each slip in it its own reason", () => {
    expect(readProductCell(`${ONE};B08XB427H;${TWO}`, false)).toMatchObject({
      kind: "several",
      onlyBlanks: false,
      parts: [
        { text: ONE, read: { ok: true } },
        { text: "B08XB427H", read: { ok: false, reason: expect.stringContaining("9 characters") } },
        { text: TWO, read: { ok: true } },
      ],
    });
  });

  it("is refused when other words are among the ASINs", () => {
    expect(readProductCell(`${ONE} and ${TWO}`, false)).toMatchObject({
      kind: "one",
      read: { ok: false, reason: expect.stringMatching(/holds 2 ASINs among other words: leave only/) },
    });
  });
});

describe("a cell with one address", () => {
  it.each([
    `https://www.amazon.de/Tee,-grün;(lose)/dp/${ONE}`,
    `https://www.amazon.com/dp/${ONE}?keywords=tea,green,12345678`,
    `https://www.amazon.com/dp/${ONE}?k=a|b`,
  ])("is not taken apart: %s", (cell) => {
    expect(readProductCell(cell, false)).toMatchObject({ kind: "one", read: { ok: true, asin: ONE } });
  });
});
