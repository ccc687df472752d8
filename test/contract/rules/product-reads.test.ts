import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

/*
 * A field is judged by its licence where products are read, so there must be no other way to them. These are all ways; a
 * new one is added here, with what proves that it gives out nothing that ended.
 */

/** Adapters that know the table of products, and what each gives out. */
const ADAPTERS: Readonly<Record<string, string>> = {
  "ended-products.ts": "counts and keys",
  "product-keys.ts": "keys",
  "product-reader.ts": "products without what ended: reads.property.test.ts",
  "product-store.ts": "what product-reader.ts gives",
  "refresh-states.ts": "keys and times",
  "stored-row.ts": "nothing: it parses a row for the others",
};
/** Files that give out products that the reader gave them. */
const READ_PATHS = [
  // Not given out: counts what need not be fetched.
  "lambdas/catalogs-api/routes/runs/estimate-upload.ts",
  "lambdas/catalogs-api/routes/catalogs/list-products.ts",
  // Given out until the first of its fields ends: feed-file.property.test.ts and fetch-feed.test.ts.
  "lambdas/catalogs-api/routes/feeds/fetch-feed.ts",
  // Not given out: what the chain begins with.
  "lambdas/enrich-batch/enrich/table-look-up.ts",
  "lambdas/export-catalog/deps.ts",
  "lambdas/export-catalog/export-pages.ts",
  "lambdas/products-api/look-up/look-up.ts",
  "lambdas/products-api/routes/get-product.ts",
  "lambdas/products-api/routes/import-product.ts",
  "lambdas/products-api/routes/get-history.ts",
  "lambdas/products-api/routes/list-stored.ts",
  // Written to the history as far as the licence of each value has one.
  "lambdas/publish-events/changes/handle-products.ts",
  // ASINs of variants, and colours as far as the licence of their source has history.
  "lambdas/publish-events/outcomes/handle-status.ts",
  // Not given out: whether they are still due, and what changed.
  "lambdas/refresh-products/refresh-job.ts",
];
const ROOM = "lambdas/common/adapters/dynamodb/products/";

const files = readdirSync(join(REPOSITORY_ROOT, "lambdas"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({
    name: `lambdas/${name.replaceAll("\\", "/")}`,
    text: readFileSync(join(REPOSITORY_ROOT, "lambdas", name), "utf8"),
  }));
const namesOf = (isMeant: (text: string) => boolean): string[] =>
  files
    .filter(({ text }) => isMeant(text))
    .map(({ name }) => name)
    .sort();

describe("stored products", () => {
  it("are known to these adapters only", () => {
    const inRoom = files.filter(({ name }) => name.startsWith(ROOM)).map(({ name }) => name.slice(ROOM.length));
    expect(inRoom.sort()).toEqual(Object.keys(ADAPTERS).sort());
    // Nobody else parses a row of the table: the other schema of that name is of a page's JSON-LD.
    const imports = /import \{[^}]*\bProductSchema\b[^}]*\} from "[^"]*products\/product\.ts"/;
    const parsing = namesOf((text) => imports.test(text) && /\bProductSchema\.(?:safeP|p)arse\(/.test(text));
    expect(parsing).toEqual([`${ROOM}stored-row.ts`]);
    expect(namesOf((text) => /\bparseStoredRow\(/.test(text))).toEqual(
      ["ended-products.ts", "product-reader.ts", "refresh-states.ts"].map((name) => ROOM + name),
    );
    // The name of the table reaches the adapters from their wiring alone; operations-api only counts its items.
    expect(namesOf((text) => /env\.PRODUCTS_TABLE_NAME/.test(text))).toEqual([
      "lambdas/common/services/wiring/products/product-store.ts",
      // Of the refresh: keys and times.
      "lambdas/common/services/wiring/products/refresh-planner.ts",
      "lambdas/operations-api/probe-deps.ts",
      "lambdas/products-api/deps.ts",
      "lambdas/sweep-expired/deps.ts",
    ]);
  });

  it("are read on these paths, and on no other", () => {
    const reading = namesOf((text) => /\bproducts\.get(?:Many|Known)\(/.test(text));
    expect(reading.filter((name) => !name.startsWith(ROOM))).toEqual([...READ_PATHS].sort());
  });
});
