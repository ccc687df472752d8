import { describe, expect, it } from "vitest";
import { publicOnly } from "../../../../../lambdas/common/core/licences/public-only.ts";
import { PRODUCT_FIELDS, type Product } from "../../../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import { aProduct } from "../../../../helpers/products.ts";
import { LICENCES } from "../../../../helpers/rights.ts";
import { NOON } from "../../../../helpers/rows.ts";

const at = new Date(NOON).toISOString();
/** A product all of whose fields are of one source, but for some. */
const of = (source: SourceId, changes: Partial<Product> = {}, others: Product["provenance"] = {}): Product => {
  const product = aProduct(changes);
  const provenance = Object.fromEntries(
    PRODUCT_FIELDS.filter((field) => product[field] !== null).map((field) => [field, { source, fetched_at: at }]),
  );
  return { ...product, provenance: { ...provenance, ...others } };
};
const shown = (product: Product) => {
  const { status, availability_type, last_available_at } = publicOnly(product, LICENCES);
  return [status, availability_type, last_available_at];
};
const GONE = { status: "unavailable", availability_type: "unavailable", current_price: null } as const;

describe("what stands on a public site", () => {
  it("says nothing of availability by state or time where the availability is internal", () => {
    expect(shown(of("keepa", GONE))).toEqual(["draft", null, null]);
    expect(shown(of("keepa"))).toEqual(["draft", null, null]);
    const title = { source: "creators-api", fetched_at: at } as const;
    const price = { current_price: title, currency: title };
    expect(shown(of("keepa", { ...GONE, current_price: "19.90" }, price))).toEqual(["active", null, at]);
  });

  it("keeps what a public source says, and that no source has the product", () => {
    expect(shown(of("creators-api"))).toEqual(["active", "in_stock", at]);
    expect(shown(of("creators-api", GONE))).toEqual(["unavailable", "unavailable", null]);
    expect(shown(of("keepa", { status: "unavailable" }))).toEqual(["unavailable", null, null]);
  });

  it("forgets a state whose source nobody knows any more", () => {
    const missing = [{ field: "availability_type", reason: "expired" }];
    const ended = { status: "unavailable", availability_type: null, current_price: null, missing } as const;
    expect(shown(of("creators-api", { ...ended, missing: [...missing] }))).toEqual(["draft", null, null]);
  });
});
