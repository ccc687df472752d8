import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { findMarketplace, MARKETPLACES } from "../../../../../../lambdas/common/core/products/marketplaces.ts";
import { readProductFile } from "../../../../../../local/upstreams/shared/products/product-file.ts";
import { createProductSource } from "../../../../../../local/upstreams/shared/products/product-source.ts";

const shop = (name: string) => {
  const place = findMarketplace(name);
  if (!place) throw new Error(`no shop ${name}`);
  return place;
};
const folder = mkdtempSync(join(tmpdir(), "products-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = [
  {
    asin: "B000000001",
    title: "Red lamp\u2028with a line separator",
    price: 12.34,
    currency: "USD",
    image_url: "https://m.media-amazon.com/images/I/61abcDEFghI._AC_.jpg",
    url: "https://www.amazon.com/dp/B000000001",
  },
  {
    asin: "B000000002",
    title: "No price",
    price: null,
    availability: "Currently unavailable.",
    url: "https://www.amazon.de/dp/B000000002",
  },
];

describe("made-up products", () => {
  it("are the same for the same ASIN, shop and seed, and others for another seed", () => {
    const [one, two, other] = [createProductSource(), createProductSource(), createProductSource({ seed: "other" })];
    expect(one.get("B0ABCDEFGH", shop("DE"))).toEqual(two.get("B0ABCDEFGH", shop("DE")));
    expect(one.get("B0ABCDEFGH", shop("DE"))).not.toEqual(other.get("B0ABCDEFGH", shop("DE")));
  });

  it("have a title, a picture and whole minor units in every shop, with savings only above the price", () => {
    const source = createProductSource();
    for (const place of MARKETPLACES) {
      for (const asin of ["B0ABCDEFGH", "059035342X", "B071HMM81V"]) {
        const product = source.get(asin, place);
        expect(product.title).toBeTruthy();
        expect(product.images.length).toBeGreaterThan(0);
        if (product.priceMinor === null) continue;
        expect(Number.isInteger(product.priceMinor) && product.priceMinor > 0).toBe(true);
        if (product.listPriceMinor !== null) expect(product.listPriceMinor).toBeGreaterThan(product.priceMinor);
      }
    }
  });

  it("know their family from the parent and from every child alike", () => {
    const source = createProductSource();
    const family = source.familyOf("B0ZABCDEF1");
    expect(family?.children.length).toBeGreaterThan(1);
    for (const child of family?.children ?? []) {
      expect(source.familyOf(child)).toEqual(family);
      expect(source.get(child, shop("US")).parentAsin).toBe("B0ZABCDEF1");
    }
    const colours = family?.children.map((child) => source.get(child, shop("US")).color);
    expect(new Set(colours).size).toBe(family?.children.length);
    expect(source.get("B0ZABCDEF1", shop("US")).priceMinor).toBeNull();
  });
});

describe("products from a file", () => {
  const read = async (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, name.endsWith(".gz") ? gzipSync(text) : text);
    return readProductFile(path);
  };
  const ndjson = `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;

  it("are read plain and gzipped, also with a line separator inside a title", async () => {
    expect((await read("a.ndjson", ndjson)).size).toBe(2);
    expect((await read("a.ndjson.gz", ndjson)).size).toBe(2);
  });

  it("name the line that is no product row", async () => {
    await expect(read("bad.ndjson", `${ndjson}{"asin": 5}\n`)).rejects.toThrow(/line 3/);
    await expect(readProductFile(join(folder, "missing.ndjson"))).rejects.toThrow(/ENOENT/);
  });

  it("keep the file's values to the letter and fill the rest", async () => {
    const source = createProductSource({ rows: await read("b.ndjson", ndjson) });
    const lamp = source.get("B000000001", shop("US"));
    expect(lamp).toMatchObject({ title: rows[0]?.title, priceMinor: 1234 });
    expect(lamp.images[0]?.large.url).toBe(rows[0]?.image_url);
    expect(lamp.brand).toBeTruthy();
    expect(lamp.availability).not.toBeNull();
    expect(source.get("B000000002", shop("DE"))).toMatchObject({
      priceMinor: null,
      availability: { type: "UNAVAILABLE" },
    });
  });

  it("leave gaps empty when told to keep nulls", async () => {
    const source = createProductSource({ rows: await read("c.ndjson", ndjson), keepNulls: true });
    const lamp = source.get("B000000001", shop("US"));
    expect(lamp).toMatchObject({
      priceMinor: 1234,
      brand: null,
      availability: null,
      rating: null,
      features: null,
      listPriceMinor: null,
    });
    expect(source.get("B000000009", shop("US")).brand).toBeTruthy();
  });

  it("give no price of another currency to a shop", async () => {
    const source = createProductSource({ rows: await read("d.ndjson", ndjson), keepNulls: true });
    expect(source.get("B000000001", shop("DE")).priceMinor).toBeNull();
  });
});
