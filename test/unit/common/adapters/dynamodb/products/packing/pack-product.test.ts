import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DICTIONARIES,
  NEWEST_DICTIONARY,
} from "../../../../../../../lambdas/common/adapters/dynamodb/products/packing/dictionary.ts";
import {
  packProduct,
  unpackProduct,
} from "../../../../../../../lambdas/common/adapters/dynamodb/products/packing/pack-product.ts";
import { PRODUCT_FIELDS, type Provenance } from "../../../../../../../lambdas/common/core/products/product.ts";
import { SOURCE_IDS } from "../../../../../../../lambdas/common/core/source-ids.ts";
import { itemBytes } from "../../../../../../helpers/memory/item-rules.ts";
import { aProduct } from "../../../../../../helpers/products.ts";
import { testSeed } from "../../../../../../helpers/test-seed.ts";

const origin: fc.Arbitrary<Provenance> = fc.record(
  {
    source: fc.constantFrom(...SOURCE_IDS),
    fetched_at: fc.constantFrom("2026-11-23T12:00:00.000Z", "2026-11-23T12:00:01.000Z"),
    cut: fc.string(),
  },
  { requiredKeys: ["source", "fetched_at"] },
);
const provenance = fc.dictionary(fc.constantFrom(...PRODUCT_FIELDS), origin);

const unpacked = ({ named, packed }: ReturnType<typeof packProduct>) => ({ ...named, ...unpackProduct(packed) });

describe("a packed product", () => {
  it("comes back as it was, whatever it says and wherever its fields came from", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.array(fc.string())),
        provenance,
        fc.array(fc.string()),
        (title, features, origins, rawKeys) => {
          const product = { ...aProduct(), title, features, provenance: origins };
          expect(unpacked(packProduct(product, rawKeys))).toEqual({ ...product, raw_keys: rawKeys });
        },
      ),
      { seed: testSeed("packed products") },
    );
  });

  it("names what people search for", () => {
    const { named } = packProduct(aProduct(), []);
    expect(Object.keys(named)).toEqual(
      expect.arrayContaining(["asin", "marketplace", "status", "title", "current_price", "updated_at"]),
    );
    expect(Object.keys(named)).not.toContain("features");
  });

  it("costs one write unit where it cost four", () => {
    const origins = { source: "creators-api", fetched_at: "2026-11-23T12:00:00.814Z" } as const;
    const image = (name: string) => `https://m.media-amazon.com/images/I/${name}._SL1500_.jpg`;
    const names = ["ProductGroup", "Binding", "EAN", "PartNumber", "Color", "Height", "Length", "Weight", "Width"];
    const product = {
      ...aProduct(),
      features: [
        "fits where space is short",
        "stays cool after an hour",
        "tested ten thousand times",
        "no plastic",
      ].map((words) => `Bamboo desk lamp of the second series: ${words}`),
      specifications: names.map((name, place) => ({ name, value: `${place}.7 inches` })),
      images: ["56cZ92Du4vE", "89sxgim2Pcz", "42FLxQURpsT"].map((name) => ({
        url: image(name),
        width: 1500,
        height: 1500,
      })),
      provenance: Object.fromEntries(PRODUCT_FIELDS.slice(1, 20).map((field) => [field, origins])),
    };
    const rawKeys = ["raw/creators-api/2026-11-23/get-items-www.amazon.com-vnbky9yy8hhrhpyg"];
    const before = { ...product, raw_keys: rawKeys, refresh_bucket: 6 };
    const { named, packed } = packProduct(product, rawKeys);
    expect(Math.ceil(itemBytes(before) / 1_024)).toBe(3);
    expect(Math.ceil(itemBytes({ ...named, packed, refresh_bucket: 6 }) / 1_024)).toBe(1);
  });

  it("is refused with a reason when it was packed by a later version", () => {
    expect(() => unpackProduct(Uint8Array.of(200, 1, 2))).toThrow("dictionary 200");
    expect(() => unpackProduct(Uint8Array.of(NEWEST_DICTIONARY, 255, 255))).toThrow();
  });

  it("can be read for ever, for no dictionary changes", () => {
    const hash = (number: number) =>
      createHash("sha256")
        .update(DICTIONARIES[number] ?? "")
        .digest("hex")
        .slice(0, 16);
    expect(Object.keys(DICTIONARIES).map((number) => [number, hash(Number(number))])).toEqual([
      ["1", "623c18a717da8845"],
    ]);
  });
});
