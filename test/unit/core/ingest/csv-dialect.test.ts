import { describe, expect, it } from "vitest";
import { sniffDialect } from "../../../../lambdas/core/ingest/csv-dialect.ts";

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
    ["sep=;\nasin,x;sku\n", ";"],
    ['"sep=|"\nasin|sku\n', "|"],
    ["sep=\t\nasin\tsku\n", "\t"],
  ])("of %j has the delimiter %j", (head, delimiter) => {
    expect(sniffDialect(head).delimiter).toBe(delimiter);
  });

  it("has lone carriage returns as line ends only where there is no line feed", () => {
    expect(sniffDialect("asin\rB07KNVH9W9\r").recordDelimiters).toEqual(["\r"]);
    expect(sniffDialect("asin\r\nB07KNVH9W9\n").recordDelimiters).toEqual(["\r\n", "\n"]);
  });

  it("leaves out Excel's separator line", () => {
    expect(sniffDialect("sep=;\nasin;sku\n").skipFirst).toBe(true);
    expect(sniffDialect("asin;sku\n").skipFirst).toBe(false);
  });
});
