import { describe, expect, it } from "vitest";
import {
  parseStoredRow,
  readOrigins,
  storedRow,
} from "../../../../../../lambdas/common/adapters/dynamodb/products/stored-row.ts";
import { aProduct } from "../../../../../helpers/products.ts";

const product = aProduct();
const { product_id, ...fields } = product;
const unpacked = { ...fields, product_key: product_id, raw_keys: ["raw/1"] };
const { set, remove } = storedRow(product, ["raw/1"]);
const packed = { ...set, product_key: product_id };

describe("an item of the table of products", () => {
  it("is read packed, and as items were before", () => {
    for (const item of [packed, unpacked]) {
      expect(parseStoredRow(item)).toEqual({ success: true, data: product, rawKeys: ["raw/1"] });
      expect(readOrigins(item)).toEqual({ provenance: product.provenance });
    }
  });

  it("of before keeps nothing beside what a later write packs", () => {
    const left = Object.entries({ ...unpacked, ...packed }).filter(([name]) => !remove.includes(name));
    expect(parseStoredRow(Object.fromEntries(left))).toMatchObject({ data: product });
    expect(Object.keys(Object.fromEntries(left)).sort()).toEqual([...Object.keys(packed)].sort());
  });

  it("says what a function of before wrote over it in a deploy", () => {
    const later = { ...product, title: "A later title", features: ["later"] };
    const { product_id: _id, ...over } = later;
    const item = { ...packed, ...over, raw_keys: ["raw/2"] };
    expect(parseStoredRow(item)).toEqual({ success: true, data: later, rawKeys: ["raw/2"] });
  });

  it("cannot be read when its bytes cannot", () => {
    const item = { ...packed, packed: Uint8Array.of(9) };
    expect(parseStoredRow(item)).toMatchObject({
      success: false,
      error: { message: expect.stringContaining("unpacked") },
    });
    expect(readOrigins(item)).toBeUndefined();
  });
});
