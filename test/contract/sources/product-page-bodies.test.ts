import { describe, expect, it } from "vitest";
import * as z from "zod";
import { availabilityFromText } from "../../../lambdas/common/core/page-text/availability-text.ts";
import { findMarketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { ProductFieldsSchema } from "../../../lambdas/common/core/products/product.ts";
import { parsePage } from "../../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { fixtureJson, fixtureText, haveFixtures } from "../../helpers/shared-fixtures.ts";

const text = z.string().nullish();
const ManifestSchema = z.array(
  z.object({
    file: z.string(),
    kind: z.string(),
    locale: z.string(),
    observed: z.looseObject({
      title: text,
      asin: text,
      legacyPrice: text,
      firstCorePrice: text,
      availability: text,
      outOfStockDiv: z.boolean().optional(),
      rating: text,
      reviewCount: text,
      byline: text,
      formPriceAmount: text,
    }),
  }),
);

/** Prices that the manifest's simple expressions missed, read by eye from the pages; null: there is none. */
const BY_EYE: Readonly<Record<string, string | null>> = {
  "us-0062796984-book.html.gz": "10.62",
  "us-B0011UCPM4-kindle.html.gz": "10.99",
  "br-8565042472-book.html.gz": "19.90",
  // Only a used copy is featured.
  "uk-vegetable-perfection-book.html.gz": null,
};

const there = haveFixtures("product-pages");
const manifest = there ? ManifestSchema.parse(fixtureJson("product-pages", "manifest.json")) : [];
const productPages = manifest.filter(({ file }) => !file.startsWith("err-"));
const errorPages = manifest.filter(({ file }) => file.startsWith("err-"));
const shopOf = (file: string) => {
  const place = findMarketplace(file.split("-")[0] ?? "");
  if (!place) throw new Error(`no shop for ${file}`);
  return place;
};
const parsed = new Map<string, ReturnType<typeof parsePage>>();
/** A page as it is read by who did not ask for a product; each is parsed once. */
const pageOf = (file: string): ReturnType<typeof parsePage> => {
  const page =
    parsed.get(file) ?? parsePage(fixtureText("product-pages", file), { asin: null, marketplace: shopOf(file).code });
  parsed.set(file, page);
  return page;
};
const plain = (value: string): string => value.replace(/\s+/g, " ").trim();

describe.skipIf(!there)("real product pages", () => {
  it.each(productPages)("give what can be seen on them: $file", ({ file, observed }) => {
    const place = shopOf(file);
    const page = parsePage(fixtureText("product-pages", file), {
      asin: observed.asin ?? null,
      marketplace: place.code,
    });
    const { fields } = page;
    expect(page.kind).toBe("product");
    expect(ProductFieldsSchema.partial().parse(fields)).toEqual(fields);
    expect([page.asin, page.canonicalAsin]).toContain(observed.asin);
    expect(fields.title).toBe(plain(observed.title ?? ""));

    const seen = observed.legacyPrice ?? observed.firstCorePrice;
    const price = fields.current_price ?? null;
    if (seen) expect(price?.replace(".", "")).toBe(seen.replace(/\D/g, ""));
    else expect(price).toBe(BY_EYE[file] ?? null);
    expect(fields.currency ?? null).toBe(price === null ? null : place.currency);

    if (observed.availability) {
      expect(fields.availability_message?.startsWith(observed.availability)).toBe(true);
      expect(fields.availability_type).toBe(availabilityFromText(observed.availability));
      expect(fields.availability_type).toBe(observed.outOfStockDiv ? "unavailable" : "in_stock");
    } else {
      expect(fields.availability_type ?? null).toBeNull();
    }
    expect(fields.star_rating ?? null).toBe(
      observed.rating ? Number.parseFloat(observed.rating.replace(",", ".")) : null,
    );
    expect(fields.customer_review_count ?? null).toBe(
      observed.reviewCount ? Number(observed.reviewCount.replace(/\D/g, "")) : null,
    );
    if (fields.brand) expect(observed.byline).toContain(fields.brand);
    expect(fields.image_url).toMatch(
      /^https:\/\/(?:m\.media-amazon|images-\w+\.ssl-images-amazon)\.com\/images\/.*\.jpg$/,
    );
    expect(fields.images?.[0]?.url).toBe(fields.image_url);
  });

  it("agree with the cash price of the cart form where there is one", () => {
    const forms = productPages.filter(({ observed }) => observed.formPriceAmount);
    expect(forms.length).toBeGreaterThan(0);
    for (const { file, observed } of forms) {
      const page = pageOf(file);
      expect(Number(page.fields.current_price)).toBe(Number(observed.formPriceAmount));
    }
  });

  it.each([
    ["us-B01LW7X0JJ-instock.html.gz", "uxcell"],
    ["de-000004458X-modern.html.gz", "Old Spice"],
    ["es-B07ZCVN7YN-ui-pt.html.gz", "Hi-Spec"],
    ["in-ps5-instock.html.gz", "Sony"],
    ["br-B0CP6CVJSG-iphone.html.gz", "Apple"],
    ["us-0062796984-book.html.gz", undefined],
  ])("name the brand and not the author: %s", (file, brand) => {
    expect(pageOf(file).fields.brand).toBe(brand);
  });

  it.each([
    ["us-charmast-2026-instock.html.gz", "45.99", 22],
    ["br-B076QFXQK5-instock.html.gz", "479.90", 10],
    ["in-kinis-wall-light.html.gz", "1599.00", 69],
    ["in-ps5-instock.html.gz", undefined, undefined],
  ])("take the list price of the offer, not of a carousel: %s", (file, original, percentage) => {
    const { fields } = pageOf(file);
    expect([fields.original_price, fields.savings_percentage]).toEqual([original, percentage]);
  });

  it("priced for another country give no price there", () => {
    const html = fixtureText("product-pages", "de-000004458X-modern.html.gz");
    const page = parsePage(html, { asin: null, marketplace: "www.amazon.co.uk" });
    expect(page.fields.current_price ?? null).toBeNull();
    expect(page.notes).toEqual([expect.stringContaining("EUR")]);
  });

  it("of another product than asked for are recognised", () => {
    const html = fixtureText("product-pages", "us-B01LW7X0JJ-instock.html.gz");
    expect(parsePage(html, { asin: "B01GAWQSFW", marketplace: "www.amazon.com" })).toMatchObject({
      asin: "B01LW7X0JJ",
      redirected: true,
    });
  });
});

/** Kinds by the manifest's names; it counts the click-through wall among the captchas. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  captcha: ["captcha", "click_through"],
  jschallenge: ["js_challenge"],
  notfound: ["not_found"],
  servererror: ["server_error"],
};

describe.skipIf(!there)("real pages that are none", () => {
  it.each(errorPages)("are distinguished: $file is $kind", ({ file, kind }) => {
    const page = parsePage(fixtureText("product-pages", file), { asin: "B000000001", marketplace: "www.amazon.com" });
    expect(KINDS[kind]).toContain(page.kind);
    expect(page.fields).toEqual({});
  });

  it("tell the wall that wants a click from the one that wants characters", () => {
    const kindOf = (file: string) =>
      parsePage(fixtureText("product-pages", file), { asin: null, marketplace: "www.amazon.com" }).kind;
    expect(kindOf("err-captcha-field-keywords-us.html.gz")).toBe("click_through");
    expect(kindOf("err-captcha-robot-check-us.html.gz")).toBe("captcha");
    expect(kindOf("err-captcha-in.html.gz")).toBe("captcha");
  });
});
