import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

test("the demo's sample has 60 products, one duplicate and one bad row", () => {
  const text = readFileSync(join(REPOSITORY_ROOT, "local", "sample", "catalog.csv"), "utf8");
  const rows: { asin: string; sku: string; title: string }[] = parse(text, { columns: true });
  const asins = rows.map(({ asin }) => asin.toUpperCase());
  const good = asins.filter(isAsin);
  expect({ rows: rows.length, good: good.length, distinct: new Set(good).size }).toEqual({
    rows: 62,
    good: 61,
    distinct: 60,
  });
  expect(new Set(rows.map(({ sku }) => sku)).size).toBe(62);
});
