import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";
import { READ_PATHS } from "../../helpers/worlds/read-paths.ts";

/*
 * A field is judged by its licence where products are read, so there must be no other way to them. All ways are in one
 * list, which `read-paths.property.test.ts` goes; a new one is added there, with how it is read.
 */

/** Adapters that know the table of products, and what each gives out. */
const ADAPTERS: Readonly<Record<string, string>> = {
  "ended-products.ts": "counts and keys",
  "packing/dictionary.ts": "nothing: it is text of our own",
  "packing/pack-product.ts": "nothing: it packs a product for stored-row.ts",
  "product-keys.ts": "keys",
  "product-reader.ts": "products without what ended: reads.property.test.ts",
  "product-store.ts": "what product-reader.ts gives",
  "refresh-states.ts": "keys and times",
  "stored-row.ts": "nothing: it parses a row for the others",
};
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

  it("and their history are read on the paths that the property test goes, and on no other", () => {
    const reading = namesOf((text) =>
      /\bproducts\.get(?:Many|Known)\(|\bhistory\.(?:latest|list|prices)\(|\bfetchNow\(/.test(text),
    );
    expect(reading.filter((name) => !name.startsWith(ROOM))).toEqual(READ_PATHS.map(({ file }) => file).sort());
    for (const { file, read, why } of READ_PATHS) {
      if (read === null) expect(why, `${file} has no reader in the property test: say why`).toBeTruthy();
    }
  });

  it("have a history that this adapter alone knows", () => {
    const adapter = "lambdas/common/adapters/dynamodb/product-history/product-history.ts";
    expect(
      namesOf((text) => /\bPriceHistorySchema\.(?:safeP|p)arse\(|\bLatestSchema\.(?:safeP|p)arse\(/.test(text)),
    ).toEqual([adapter]);
    expect(namesOf((text) => /new ProductHistory\(/.test(text))).toEqual([
      "lambdas/products-api/deps.ts",
      "lambdas/publish-events/deps.ts",
      // Removes what is revoked.
      "lambdas/sweep-expired/deps.ts",
    ]);
  });
});
