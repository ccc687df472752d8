import { describe, expect, it } from "vitest";
import { readAsinCell } from "../../../../../../../lambdas/common/core/catalogs/ingest/cells/asin-cell.ts";

const US = "www.amazon.com";

describe("a cell that names a product", () => {
  it.each([
    ["B07KNVH9W9", "B07KNVH9W9", undefined],
    ["b07knvh9w9", "B07KNVH9W9", undefined],
    ["\u00a0\t B07KNVH9W9\u00a0", "B07KNVH9W9", undefined],
    ["146107584x", "146107584X", undefined],
    ["0000000000", "0000000000", undefined],
    ["https://www.amazon.com/dp/B07KNVH9W9", "B07KNVH9W9", US],
    ["HTTPS://WWW.AMAZON.COM/DP/B07KNVH9W9", "B07KNVH9W9", US],
    ["amazon.com/dp/B07KNVH9W9#customerReviews", "B07KNVH9W9", US],
    ["//www.amazon.com/dp/B07KNVH9W9", "B07KNVH9W9", US],
    ["https://smile.amazon.com:443/dp/B07KNVH9W9/", "B07KNVH9W9", US],
    ["http://www.amazon.de/gp/product/b07knvh9w9?psc=1", "B07KNVH9W9", "www.amazon.de"],
    ["https://m.amazon.co.uk/gp/aw/d/B07KNVH9W9", "B07KNVH9W9", "www.amazon.co.uk"],
    [
      "https://www.amazon.com.au/Some-Title/dp/B07KNVH9W9/ref=sr_1_3?x=/dp/B000000000",
      "B07KNVH9W9",
      "www.amazon.com.au",
    ],
    ["https://www.amazon.co.jp/-/en/dp/B07KNVH9W9", "B07KNVH9W9", "www.amazon.co.jp"],
  ])("reads %j", (cell, asin, marketplace) => {
    expect(readAsinCell(cell, false)).toEqual({ ok: true, asin, marketplace, repaired: false });
  });
});

describe("a cell that names no product", () => {
  it.each([
    ["", /no ASIN: fill in/],
    ["B01FKZSFY", /has 9 characters/],
    ["B07HYGTDC81", /has 11 characters/],
    ["B", /has 1 character,/],
    ["B07ZPXGKB!", /character "!" \(U\+0021\)/],
    ["B07KN\u200eVH9W9", /invisible characters.* write it as B07KNVH9W9/],
    ["B07KNVH9W\u0000", /character U\+0000/],
    ["B17KNVH9W9", /10 characters but is no ASIN/],
    ["B0ſABCDEFG", /U\+017F/],
    ["BO83W78VJ9", /letter O .* write it as B083W78VJ9/],
    ["O984884823", /letter O .* write it as 0984884823/],
    ["0-7897-3974-7", /write it as 0789739747/],
    ['"B07KNVH9W9"', /quotes .* write it as B07KNVH9W9/],
    ["9780789739742", /13-digit ISBN.* here 0789739747/],
    ["9790000000000", /13-digit barcode number \(EAN\)/],
    ["036000291452", /12-digit barcode number \(UPC\)/],
    ["804136726", /looks like an ISBN whose leading zeros a spreadsheet removed; write it as 0804136726/],
    ["804136726.0", /looks like an ISBN that a spreadsheet took for a number; write it as 0804136726/],
    ["1449373321.0", /took for a number; write it as 1449373321/],
    ["1449373322.0", /character "\."/],
    ["804136727", /has 9 characters/],
    ["6.21106E+07", /scientific notation/],
    ["6,21E7", /scientific notation/],
    ["B077CZY23Z B07JG6WBQ5", /holds 2 ASINs/],
    ["B077CZY23Z,b07jg6wbq5;B07KNVH9W9", /holds 3 ASINs/],
    ['=HYPERLINK("http://x")', /formula/],
    ["#REF!", /spreadsheet error/],
    ["#N/A", /spreadsheet error/],
    ["N/A", /missing value/],
    ["tbd", /missing value/],
    ["-", /missing value/],
    [" Asin ", /header line repeated/],
    ["https://amzn.to/3abcDEF", /short link \(amzn.to\)/],
    ["a.co/d/abc", /short link/],
    ["https://www.ebay.com/itm/123456789012", /not an address of an Amazon shop/],
    ["https://amazon.com.evil.example/dp/B07KNVH9W9", /not an address of an Amazon shop/],
    ["https://notamazon.com/dp/B07KNVH9W9", /not an address of an Amazon shop/],
    ["https://evil.example/www.amazon.com/dp/B07KNVH9W9", /not an address of an Amazon shop/],
    ["https://www.amazon.com@evil.example/dp/B07KNVH9W9", /not an address of an Amazon shop/],
    ["ftp://www.amazon.com/dp/B07KNVH9W9", /not an address of an Amazon shop/],
    ["https://www.amazon.cn/dp/B07KNVH9W9", /not an address of an Amazon shop/],
    ["https://www.amazon.com", /without an ASIN/],
    ["https://www.amazon.com/s?k=/dp/B07KNVH9W9", /without an ASIN/],
    ["https://www.amazon.com/dp/B08DTYHN9", /product part "B08DTYHN9" has 9 characters/],
    [`https://www.amazon.com/dp/${"A".repeat(50)}`, /product part "A{20}…" has 50 characters/],
  ])("refuses %j and says why", (cell, reason) => {
    const read = readAsinCell(cell, false);

    expect(read.ok).toBe(false);
    expect(read.ok ? "" : read.reason).toMatch(reason);
  });
});

describe("the repair of leading zeros", () => {
  it("puts the zeros of an ISBN back when asked", () => {
    expect(readAsinCell(" 804136726 ", true)).toEqual({
      ok: true,
      asin: "0804136726",
      marketplace: undefined,
      repaired: true,
    });
  });

  it("leaves a number with a wrong check digit alone", () => {
    expect(readAsinCell("804136727", true).ok).toBe(false);
  });
});
