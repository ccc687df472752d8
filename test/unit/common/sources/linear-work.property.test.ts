import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAddress } from "../../../../lambdas/common/core/catalogs/ingest/cells/amazon-address.ts";
import { availabilityFromText } from "../../../../lambdas/common/core/page-text/availability-text.ts";
import { numbersIn, readCount, readNumber, readRating } from "../../../../lambdas/common/core/page-text/number-text.ts";
import { currencyIn, isPriceRange, parsePriceText } from "../../../../lambdas/common/core/page-text/price-text.ts";
import { MAX_SHOP_TEXT_CHARS } from "../../../../lambdas/common/core/page-text/text-start.ts";
import { findMarketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { parsePage } from "../../../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { brandFromByline } from "../../../../lambdas/common/sources/product-page/reading/read-brand.ts";
import { isAllowed, robotsRulesFor } from "../../../../lambdas/common/sources/product-page/robots/robots-rules.ts";
import { htmlText } from "../../../../lambdas/common/sources/reading/html-text.ts";
import { CHARACTER_CLASSES, LONG_TEXTS, ofLength, PatternWatch } from "../../../helpers/costly-patterns.ts";
import { patient } from "../../../helpers/source-context.ts";
import { ANSWER_SAMPLES } from "./reading/answer-samples.ts";

const US = findMarketplace("US");
if (!US) throw new Error("US");

/** A pattern may see this much more than the bound: composing a text and folding it can lengthen it. */
const MAX_PATTERN_CHARS = 2 * MAX_SHOP_TEXT_CHARS;

const watch = new PatternWatch(MAX_PATTERN_CHARS);
beforeEach(() => watch.start());
afterEach(() => watch.stop());

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  availabilityFromText,
  numbersIn,
  readCount,
  readRating,
  readNumber: (text) => readNumber(text, 2),
  isPriceRange,
  parsePriceText: (text) => parsePriceText(text, US),
  currencyIn: (text) => currencyIn(text, US),
  brandFromByline,
  htmlText,
  robotsRulesFor: (text) => isAllowed(robotsRulesFor(`user-agent: *\ndisallow: ${text}`, "x"), "/dp/B000000001?th=1"),
};

describe("100 kB of any class of characters", () => {
  it.each(Object.entries(PARSERS))("cost %s steps in proportion to their length", (_, parse) => {
    for (const text of LONG_TEXTS) parse(text);
    expect(watch.costly).toEqual([]);
  });

  it.each(CHARACTER_CLASSES.map((part) => ({ part, text: ofLength(part) })))(
    "cost a product page's reader no more, wherever they stand on the page: $part",
    ({ text }) => {
      const places = ["productTitle", "bylineInfo", "availability", "acrCustomerReviewText", "priceblock_ourprice"];
      const lists =
        '<div id="feature-bullets"><ul><li>@</li></ul></div><div id="wayfinding-breadcrumbs_feature_div"><a href="@">@</a></div>';
      const rest = '<div id="productDescription">@</div><table id="prodDetails"><tr><th>@</th><td>@</td></tr></table>';
      const body = `${places.map((id) => `<a id="${id}" title="@">@</a>`).join("")}${lists}${rest}`;
      const inner = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
      parsePage(
        `<title>@</title><link rel="canonical" href="@">${body}`.replaceAll("@", () => inner),
        {
          asin: null,
          marketplace: "www.amazon.com",
        },
      );
      expect(watch.costly).toEqual([]);
    },
  );

  it.each(ANSWER_SAMPLES)("cost the reader of $name no more in any text of its answer", async (sample) => {
    const asin = "B000000001";
    for (const text of LONG_TEXTS) {
      const body = JSON.stringify(sample.answerOf([asin]), (_, value: unknown) =>
        typeof value === "string" && value !== asin && value.length > 6 ? text : value,
      );
      const ask = sample.clientOver(body)[sample.operation];
      await ask?.({ marketplace: "www.amazon.com", asins: [asin] }, patient());
    }
    expect(watch.costly).toEqual([]);
  });
});

it("rules of robots.txt with many wildcards are matched part by part", () => {
  const rules = (path: string) => robotsRulesFor(`user-agent: *\ndisallow: ${path}`, "x");
  const path = "/dp/B000000001?th=1&psc=1";
  expect(isAllowed(rules("/*dp*B0*psc"), path)).toBe(false);
  expect(isAllowed(rules("/*psc=1$"), path)).toBe(false);
  expect(isAllowed(rules("/*th=1$"), path)).toBe(true);
  expect(isAllowed(rules("/*psc*dp"), path)).toBe(true);
  expect(isAllowed(rules("/dp/$"), path)).toBe(true);
  expect(isAllowed(rules(`/${"*0".repeat(900)}`), path)).toBe(true);
});

it("an address of very many labels is refused at once", () =>
  expect(readAddress(`${ofLength("a.")}com`)).toMatchObject({ kind: expect.any(String) }));
