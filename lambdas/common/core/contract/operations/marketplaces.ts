import * as z from "zod";
import { languageOf, NoticeSchema, noticesOf } from "../../licences/notices.ts";
import { PartnerTagSchema, type ShopOverride } from "../../marketplaces/shop-settings.ts";
import type { Marketplace } from "../../products/marketplaces.ts";

/** One shop with what a site about it must say. */
export const MarketplaceAnswerSchema = z
  .object({
    code: z.string().describe("Host name of the shop, its id everywhere, such as www.amazon.de."),
    country: z.string().describe("Its short form, such as DE."),
    region_name: z.string().describe("The name a person would use."),
    currency: z.string().describe("Currency of its prices, ISO 4217."),
    currency_digits: z.number().int().describe("Places after the point of an amount: 0 for yen, else 2."),
    enabled: z
      .boolean()
      .describe("Whether it is served; false: operators switched it off, and nothing is asked or taken for it."),
    partner_tag: z
      .string()
      .nullable()
      .describe("Partner tag that goes before the one in the credentials; null: that one holds."),
    language: z.string().describe("Language that it speaks first, such as de."),
    notices: z.array(NoticeSchema).describe("Sentences that a site must show beside its content."),
  })
  .meta({ id: "Marketplace" });
export type MarketplaceAnswer = z.infer<typeof MarketplaceAnswerSchema>;

/** Answer of `GET /marketplaces`. */
export const MarketplacesSchema = z
  .object({
    items: z.array(MarketplaceAnswerSchema).describe("All shops."),
    default_marketplace: z.string().describe("Shop of look-ups, imports and searches that name none."),
  })
  .meta({ id: "Marketplaces" });

/** Body of `PUT /marketplaces/{code}`. What is absent stays as it is. */
export const MarketplaceChangeSchema = z
  .strictObject({
    enabled: z.boolean().optional().describe("Whether it is served; absent: as it is."),
    partner_tag: PartnerTagSchema.nullable()
      .optional()
      .describe("Goes before the tag in the credentials; null: that one holds; absent: as it is."),
  })
  .meta({ id: "MarketplaceChange" });
export type MarketplaceChange = z.infer<typeof MarketplaceChangeSchema>;

/** A shop as it is given out. */
export const marketplaceAnswer = (shop: Marketplace, override?: ShopOverride): MarketplaceAnswer => ({
  code: shop.code,
  country: shop.country,
  region_name: shop.regionName,
  currency: shop.currency,
  currency_digits: shop.currencyDigits,
  enabled: override?.enabled ?? true,
  partner_tag: override?.partner_tag ?? null,
  language: languageOf(shop.code),
  notices: noticesOf(shop.code),
});
