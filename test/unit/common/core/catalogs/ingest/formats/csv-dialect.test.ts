import { describe, expect, it } from "vitest";
import { sniffDialect } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/csv-dialect.ts";

describe("the dialect of a table", () => {
  it.each([
    ["asin,sku,title\n1;2;3;4;5\n", ","],
    ["Sku;Asin ;TITLE\r\n", ";"],
    ["asin\tsku\ttitle\n", "\t"],
    ["sku|asin\n", "|"],
    ['\n  \n"title, with; many; marks",asin\n', ","],
    ["title; or name; or label,asin\n", ","],
    ['"first\nline";asin;sku\n', ";"],
    ["asin\n", ","],
    ["B07KNVH9W9;1;Brush\n", ";"],
    ["https://www.amazon.com/Knife,Fork,Spoon/dp/B07KNVH9W9\n", "\u001f"],
    ["https://www.amazon.com/dp/B07KNVH9W9?k=a,b\nhttps://www.amazon.com/dp/B08XB427HF\n", "\u001f"],
    ["B07KNVH9W9\t\t\nB08XB427HF\tSKU-2\tBrush\n", "\t"],
    ["B07KNVH9W9\t\nB08XB427HF\n", "\u001f"],
    ["https://www.amazon.com/dp/B07KNVH9W9/ref=sr_1,S-1,Brush\nB08XB427HF,S-2,Knife", ","],
    ["https://www.amazon.com/dp/B07KNVH9W9?th=1;S-1\nhttps://www.amazon.com/dp/B08XB427HF?th=1;S-2", ";"],
    ["sep=;\nasin,x;sku\n", ";"],
    ['"sep=|"\nasin|sku\n', "|"],
    ["sep=\t\nasin\tsku\n", "\t"],
  ])("of %j has the delimiter %j", (head, delimiter) => {
    expect(sniffDialect(head).delimiter).toBe(delimiter);
  });

  it("leaves out Excel's separator line", () => {
    expect(sniffDialect("sep=;\nasin;sku\n").skipFirst).toBe(true);
    expect(sniffDialect("asin;sku\n").skipFirst).toBe(false);
  });
});
