import { describe, expect, it } from "vitest";
import { layoutOf } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/row-layout.ts";
import { readTableHead } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/table-head.ts";

describe("the head of a table", () => {
  it("finds columns in any case, order and padding, and keeps the user's names", () => {
    expect(readTableHead(["Sku", "Asin ", " MARKETPLACE", "TITLE"])).toEqual({
      layout: { products: [1], marketplace: [2], sku: [0] },
      columns: ["Sku", "Asin ", " MARKETPLACE", "TITLE"],
      hasHeader: true,
    });
  });

  it("prefers the ASIN column to addresses, and keeps all columns of one name in their order", () => {
    expect(layoutOf(["product_url", "link", "URL", "asin", "ASIN"]).products).toEqual([3, 4, 2, 1, 0]);
    expect(layoutOf(["SKU", "asin", "sku"]).sku).toEqual([0, 2]);
  });

  it.each([
    [["B07KNVH9W9"]],
    [["https://www.amazon.de/dp/B07KNVH9W9"]],
    [["804136726"]],
    [["B01FKZSFY"]],
    [["https://amzn.to/3abcDEF"]],
  ])("takes the list %j without a header", (record) => {
    expect(readTableHead(record)).toEqual({
      layout: { products: [0], marketplace: [], sku: [] },
      columns: ["asin"],
      hasHeader: false,
    });
  });

  it("finds the column with the ASIN in a table without a header", () => {
    expect(readTableHead(["17", "Brush", "b08c349g96"])).toMatchObject({
      layout: { products: [2] },
      columns: ["column_1", "column_2", "asin"],
      hasHeader: false,
    });
  });

  it.each([[["Customer", "2024-01"]], [["Sales2023", "Item"]], [["Product", "01/02/2024", "Q1-2024"]]])(
    "takes the names of periods in %j for no products",
    (record) => {
      expect(() => readTableHead(record)).toThrow("No column names the products");
    },
  );

  it("names the columns found and the fix when none is usable", () => {
    expect(() => readTableHead([" Product ID", "Name"])).toThrow(
      'No column names the products. Columns found: "Product ID", "Name". Rename the column with the ASINs to asin',
    );
  });
});
