import { describe, expect, it } from "vitest";
import { readAddress } from "../../../../../../../lambdas/common/core/catalogs/ingest/cells/amazon-address.ts";

const ASIN = "B07KNVH9W9";
const US = "www.amazon.com";

describe("the address of a product", () => {
  it.each([
    [`https://www.amazon.com/dp/product/${ASIN}`, US],
    [`https://www.amazon.it/Tazza/dp/product/${ASIN}/ref=ox_sc_act?psc=1`, "www.amazon.it"],
    [`https://www.amazon.com/gp/product/images/${ASIN}/`, US],
    [`https://www.amazon.com/gp/offer-listing/${ASIN}/ref=dp_olp`, US],
    [`https://www.amazon.com/gp/aw/ol/${ASIN}`, US],
    [`https://www.amazon.co.uk/d/Gel/Styling/${ASIN}`, "www.amazon.co.uk"],
    [`https://www.amazon.com/o/ASIN/${ASIN}`, US],
    [`https://www.amazon.com/exec/obidos/ASIN/${ASIN}/ref=nosim/x-20`, US],
    [`https://www.amazon.com/exec/obidos/tg/detail/-/${ASIN}`, US],
    [`https://www.amazon.de/product-reviews/${ASIN}?pageNumber=2`, "www.amazon.de"],
    [`https://www.amazon.com/ask/questions/asin/${ASIN}/ref=x`, US],
    [`https://www.amazon.co.jp/-/en/gp/video/detail/${ASIN}/`, "www.amazon.co.jp"],
    [`https://www.amazon.fr/sspa/click?ie=UTF8&url=%2FTasse%2Fdp%2F${ASIN}%2Fref%3Dsr_1_1%3Fpsc%3D1`, "www.amazon.fr"],
    [`https://www.amazon.de/gp/slredirect/picassoRedirect.html?url=/dp/${ASIN}`, "www.amazon.de"],
    [`https://go.example/?id=7&url=https%3A%2F%2Fwww.amazon.es%2Fdp%2F${ASIN}&tag=x`, "www.amazon.es"],
    [`https://amzn.com/${ASIN}`, US],
    [`amzn.com/dp/${ASIN}?tag=x`, US],
    [`https://www.amazon.com/dp/\u200e${ASIN}\u200f/ref=x`, US],
    [`https://www.amazon.com/dp/%E2%80%8E${ASIN}`, US],
    [`https://www.amazon.com/dp/${ASIN}%3Fpsc%3D1`, US],
  ])("is %s", (text, marketplace) => {
    expect(readAddress(text)).toEqual({ kind: "product", marketplace, product: ASIN });
  });

  it.each([
    ["https://amzn.to/3abcDEF", "short-link"],
    ["https://amzn.com/short", "short-link"],
    ["https://www.amazon.com/s?k=cup&url=search-alias%3Daps", "other-page"],
    ["https://www.amazon.com/hz/mobile/mission?url=%", "other-page"],
    ["https://go.example/?url=https%3A%2F%2Fshop.example%2Fdp%2FB07KNVH9W9", "other-site"],
  ])("is not %s", (text, kind) => {
    expect(readAddress(text).kind).toBe(kind);
  });

  it("is searched in a bounded number of addresses inside each other", () => {
    let text = `https://www.amazon.com/dp/${ASIN}`;
    for (let depth = 0; depth < 4; depth++) text = `https://www.amazon.com/r?url=${encodeURIComponent(text)}`;
    expect(readAddress(text).kind).toBe("other-page");
  });
});
