import type { CheerioAPI } from "cheerio/slim";
import { availabilityFromText } from "../../../../core/page-text/availability-text.ts";
import type { Availability, ProductFields } from "../../../../core/products/product.ts";
import { eachOf, seenText, visibleText } from "../dom.ts";
import { offeredKinds, offerKindOf } from "./offer-kind.ts";

const of = (availabilityType: Availability | null, message: string): Partial<ProductFields> => ({
  availability_type: availabilityType,
  availability_message: message === "" ? null : message,
});

/** The shop's words on the stock of a new item bought once; "" when it has none. */
const stated = ($: CheerioAPI): string =>
  ["#availability", "#availability_feature_div"]
    .flatMap((place) => eachOf($, place))
    .filter((place) => offerKindOf(place) === "new")
    .map((place) => seenText(place))
    .find((text) => text !== "") ?? "";

/**
 * Reads availability: the shop's own words first, then the marks of the page. Pages without either, such as e-books and
 * books of several formats, give null, which is not "out of stock".
 */
export const readAvailability = ($: CheerioAPI): Partial<ProductFields> => {
  const message = stated($);
  const meaning = availabilityFromText(message);
  if (meaning) return of(meaning, message);
  if ($("#outOfStock").length > 0) {
    const sign = visibleText($, "#outOfStock .a-color-price") || visibleText($, "#outOfStock .a-text-bold");
    return of(availabilityFromText(sign) ?? "out_of_stock", sign || message);
  }
  if ($("#unqualifiedBuyBox, #buybox-see-all-buying-choices").length > 0) return of("unknown", message);
  if (offeredKinds($).has("new")) return of("in_stock", message);
  return of(message === "" ? null : "unknown", message);
};
