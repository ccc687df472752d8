import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBelow, savingsOf } from "../../../../../lambdas/common/core/money/savings.ts";
import { findMarketplace, MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { type ProductFields, ProductFieldsSchema } from "../../../../../lambdas/common/core/products/product.ts";
import type { SourceAnswer } from "../../../../../lambdas/common/core/sources/source-client.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { parsePage } from "../../../../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { madeUpFields } from "../../../../../lambdas/common/sources/sample-data/made-up.ts";
import { readCompetitiveSummary } from "../../../../../lambdas/common/sources/sp-api/competitive-summary.ts";
import { readOwnPrices } from "../../../../../lambdas/common/sources/sp-api/own-prices.ts";
import { patient } from "../../../../helpers/source-context.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { ANSWER_SAMPLES, type AnswerSample } from "./answer-samples.ts";
import { applyChanges, oddChanges } from "./odd-json.ts";

const seed = testSeed("odd answers");
const A = "B000000001";
const B = "B000000002";
const C = "B000000003";
const ASKED = [A, B, C];
const marketplace = "www.amazon.com";
const US = findMarketplace(marketplace);
if (!US) throw new Error(marketplace);

/** Fails unless every field that a reader gave is valid and its money keeps the one rule. */
const expectValid = (fields: Partial<ProductFields>): void => {
  const parsed = ProductFieldsSchema.partial().safeParse(fields);
  expect(parsed.error?.issues ?? []).toEqual([]);
  for (const value of Object.values(fields).flat()) if (typeof value === "string") expect(value.trim()).not.toBe("");
  const { current_price: current, original_price: original, savings_amount, savings_percentage, currency } = fields;
  for (const amount of [current, original]) if (amount) expect(Number(amount)).toBeGreaterThan(0);
  if (current || original) expect(currency).toMatch(/^[A-Z]{3}$/);
  else expect(currency ?? null).toBeNull();
  if (current && original) {
    expect(isBelow(current, original)).toBe(true);
    expect(savings_amount).toBe(savingsOf(original, current)?.amount);
  } else expect([savings_amount ?? null, savings_percentage ?? null]).toEqual([null, null]);
  if (fields.star_rating) expect(fields.star_rating).toBeGreaterThanOrEqual(1);
};

const ask = (sample: AnswerSample, body: string): Promise<SourceAnswer> | undefined =>
  sample.clientOver(body)[sample.operation]?.({ marketplace, asins: ASKED }, patient());

/** The answer, or undefined when the source says that it cannot read the body; any other throw fails the test. */
const answerTo = async (sample: AnswerSample, body: string): Promise<SourceAnswer | undefined> => {
  try {
    return await ask(sample, body);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
};

const runs = { seed, numRuns: testRuns(100) };

describe.each(ANSWER_SAMPLES)("whatever $name answers", (sample) => {
  const whole = JSON.stringify(sample.answerOf(ASKED));

  it("a full answer gives all products, with their money", async () => {
    const answer = await ask(sample, whole);
    expect(answer?.products.map(({ asin }) => asin)).toEqual(ASKED);
    for (const { fields } of answer?.products ?? []) {
      expectValid(fields);
      expect(fields.original_price).toBe("80.00");
    }
  });

  it("an odd product costs its neighbours nothing", async () => {
    const plain = await ask(sample, whole);
    await fc.assert(
      fc.asyncProperty(oddChanges(4), async (changes) => {
        const body = sample.answerOf(ASKED);
        applyChanges(sample.entriesOf(body)[1], changes);
        const answer = await ask(sample, JSON.stringify(body));
        const named = [...(answer?.products ?? []), ...(answer?.failures ?? [])].map(({ asin }) => asin);
        expect(named.toSorted()).toEqual(ASKED);
        for (const { fields } of answer?.products ?? []) expectValid(fields);
        const kept = answer?.products.filter(({ asin }) => asin !== B);
        expect(kept).toEqual(plain?.products.filter(({ asin }) => asin !== B));
      }),
      runs,
    );
  });

  it("a body that is odd anywhere is read as far as it goes, or called unreadable", async () => {
    await fc.assert(
      fc.asyncProperty(oddChanges(3), async (changes) => {
        const body = sample.answerOf(ASKED);
        applyChanges({ body }, changes);
        const answer = await answerTo(sample, JSON.stringify(body));
        if (!answer) return;
        const named = [...answer.products, ...answer.failures].map(({ asin }) => asin);
        expect(named.toSorted()).toEqual(ASKED);
        for (const { fields } of answer.products) expectValid(fields);
      }),
      runs,
    );
  });
});

describe("whatever SP-API answers about prices alone", () => {
  const money = { currencyCode: "USD", amount: 60.02 };
  const summary = (asin: string): object => ({
    status: { statusCode: 200 },
    body: {
      asin,
      featuredBuyingOptions: [{ buyingOptionType: "New", segmentedFeaturedOffers: [{ listingPrice: money }] }],
      referencePrices: [{ name: "WasPrice", price: { ...money, amount: 80 } }],
      lowestPricedOffers: [
        { lowestPricedOffersInput: { itemCondition: "New" }, offers: [{ listingPrice: money, shippingOptions: [] }] },
      ],
    },
  });
  const own = (asin: string): object => ({
    status: "Success",
    ASIN: asin,
    Product: {
      Identifiers: { MarketplaceASIN: { ASIN: asin } },
      Offers: [
        {
          ItemCondition: "New",
          BuyingPrice: { ListingPrice: { CurrencyCode: "USD", Amount: 60.02 } },
          RegularPrice: { CurrencyCode: "USD", Amount: 80 },
        },
      ],
    },
  });

  it.each([
    ["competitive summaries", summary, (entries: unknown[]) => readCompetitiveSummary({ responses: entries }, US)],
    ["own prices", own, (entries: unknown[]) => readOwnPrices({ payload: entries }, US)],
  ])("an odd entry of %s costs its neighbours nothing", (_, entryOf, read) => {
    const plain = read(ASKED.map(entryOf));
    expect(plain[0]).toMatchObject({ fields: { current_price: "60.02", original_price: "80.00" } });
    fc.assert(
      fc.property(oddChanges(4), (changes) => {
        const entries: unknown[] = ASKED.map((asin) => JSON.parse(JSON.stringify(entryOf(asin))));
        applyChanges(entries[1], changes);
        const found = read(JSON.parse(JSON.stringify(entries)));
        expect([found[0], found[2]]).toEqual([plain[0], plain[2]]);
        for (const entry of found) if ("fields" in entry) expectValid(entry.fields);
      }),
      runs,
    );
  });
});

describe("whatever a product page holds", () => {
  const IDS = [
    ...["productTitle", "bylineInfo", "brand", "availability", "outOfStock", "acrPopover", "averageCustomerReviews"],
    ...["corePriceDisplay_desktop_feature_div", "corePrice_feature_div", "apex_desktop", "newAccordionRow_0"],
    ...["snsAccordionRowMiddle", "usedAccordionRow", "priceblock_ourprice", "buyNewSection", "mediaNoAccordion"],
    ...["feature-bullets", "productFactsDesktopExpander", "wayfinding-breadcrumbs_feature_div", "addToCart", "ASIN"],
    ...["landingImage", "productDescription", "prodDetails", "tmmSwatches", "partialStateBuybox", "x"],
  ];
  const CLASSES =
    "a-price a-offscreen priceToPay basisPrice a-text-price a-price-range offer-price header-price po-brand a-list-item";
  const word = fc.oneof(
    fc.constantFrom(
      "$9.99",
      "$0.00",
      "€ 1.234,56",
      "-1",
      "In Stock",
      "Only 2 left",
      "(12)",
      "4.5 out of 5",
      "",
      "ﷺ",
      "\ud800",
    ),
    fc.string({ maxLength: 12 }),
  );
  const attribute = fc.oneof(
    fc.constantFrom("", "https://m.media-amazon.com/images/I/x.jpg", "{", '{"https://x.test/a.jpg":[1,2]}', "[]"),
    word,
  );
  const element = fc
    .record({
      tag: fc.constantFrom("div", "span", "a", "li", "td", "tr", "table", "form", "input", "img", "select", "option"),
      id: fc.constantFrom(...IDS),
      class: fc.constantFrom(...CLASSES.split(" ")),
      value: attribute,
      text: word,
    })
    .map(({ tag, id, class: name, value, text }) => {
      const quoted = value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      const names = ["value", "title", "href", "src", "data-asin", "data-a-dynamic-image", "name"];
      return {
        open: `<${tag} id="${id}" class="${name}" ${names.map((key) => `${key}="${quoted}"`).join(" ")}>${text}`,
        tag,
      };
    });
  const html = fc
    .array(fc.record({ element, closes: fc.boolean() }), { maxLength: 40 })
    .map((parts) => parts.map(({ element: { open, tag }, closes }) => open + (closes ? `</${tag}>` : "")).join("\n"));
  const data = oddChanges(4).map((changes) => {
    const product = {
      "@type": "Product",
      name: "n",
      description: "d",
      image: ["https://x.test/a.jpg"],
      brand: { name: "b" },
      offers: [{ price: "9.99", priceCurrency: "USD", availability: "https://schema.org/InStock" }],
      aggregateRating: { ratingValue: "4.5", reviewCount: 3 },
    };
    applyChanges({ product }, changes);
    const script = JSON.stringify(product).replaceAll("<", "\\u003c");
    return `<script type="application/ld+json">${script}</script>`;
  });

  it("is read into valid fields only", () => {
    fc.assert(
      fc.property(html, data, fc.constantFrom(...MARKETPLACES), (body, script, place) => {
        const page = parsePage(`<span id="productTitle">T</span>${body}${script}`, {
          asin: A,
          marketplace: place.code,
        });
        expectValid(page.fields);
        if (page.fields.current_price) expect(page.fields.currency).toBe(place.currency);
      }),
      runs,
    );
  });
});

describe("whatever product is made up", () => {
  it("has valid fields in every shop", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 10, maxLength: 10 }), fc.constantFrom(...MARKETPLACES), (asin, place) => {
        const fields = madeUpFields(encodeURIComponent(asin.toWellFormed()), place);
        expectValid(fields);
        expect(fields.current_price).toBeTruthy();
      }),
      runs,
    );
  });
});
