import type { CheerioAPI } from "cheerio/slim";
import { availabilityFromText } from "../../../core/page-text/availability-text.ts";
import type { Availability, ProductFields } from "../../../core/products/product.ts";
import { visibleText } from "./dom.ts";

const of = (availabilityType: Availability | null, message: string): Partial<ProductFields> => ({
  availability_type: availabilityType,
  availability_message: message === "" ? null : message,
});

/**
 * Reads availability: the shop's own words first, then the marks of the page. Pages without either, such as e-books and
 * books of several formats, give null, which is not "out of stock".
 */
export const readAvailability = ($: CheerioAPI): Partial<ProductFields> => {
  const message = visibleText($, "#availability") || visibleText($, "#availability_feature_div");
  const stated = availabilityFromText(message);
  if (stated) return of(stated, message);
  if ($("#outOfStock").length > 0) {
    const sign = visibleText($, "#outOfStock .a-color-price") || visibleText($, "#outOfStock .a-text-bold");
    return of(availabilityFromText(sign) ?? "out_of_stock", sign || message);
  }
  if ($("#unqualifiedBuyBox, #buybox-see-all-buying-choices").length > 0) return of("unknown", message);
  const buyable = $("#add-to-cart-button, #buy-now-button").length > 0;
  if (buyable && $("#usedOnlyBuybox").length === 0) return of("in_stock", message);
  return of(message === "" ? null : "unknown", message);
};
