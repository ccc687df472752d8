import * as z from "zod";
import { amount, lifetimeSeconds, list, number, part, pixels, text, webAddress } from "../reading/lenient-leaves.ts";

/** Answer of Login with Amazon to a refresh token. */
export const LwaTokenSchema = z.looseObject({
  access_token: z.string().min(1),
  expires_in: lifetimeSeconds,
});

/** Refusal by Login with Amazon. */
export const LwaErrorSchema = z.looseObject({ error: text, error_description: text });

/** Refusal by SP-API; empty for any other body. */
export const SpApiErrorsSchema = z.looseObject({
  errors: list(z.looseObject({ code: z.string(), message: text, details: text })),
});

/** A browse class, of which the parent is nested in `parent`; `chain` reads it with its parents. */
export const ClassificationSchema = z.looseObject({ displayName: text });

const AttributeValueSchema = z.looseObject({
  value: z.unknown().optional(),
  marketplace_id: text,
  currency: text,
});
export type AttributeValue = z.infer<typeof AttributeValueSchema>;

/** A data set of a catalog item: a list by marketplace. */
const byMarketplace = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  list(z.looseObject({ marketplaceId: z.string(), ...shape }));

/** One item of Catalog Items 2022-04-01; any of its data sets may be missing. */
export const CatalogItemSchema = z.looseObject({
  asin: z.string(),
  summaries: byMarketplace({ itemName: text, brand: text, manufacturer: text, websiteDisplayGroupName: text }),
  images: byMarketplace({
    images: list(z.looseObject({ variant: text, link: webAddress, height: pixels, width: pixels })),
  }),
  relationships: byMarketplace({
    relationships: list(z.looseObject({ type: text, parentAsins: list(z.string()) })),
  }),
  classifications: byMarketplace({ classifications: list(ClassificationSchema) }),
  /** Documented for brand owners, so often sparse. */
  attributes: z.record(z.string(), z.unknown()).nullish().catch(null),
});
export type CatalogItem = z.infer<typeof CatalogItemSchema>;

const AttributeValuesSchema = list(AttributeValueSchema);

/** Reads one attribute's values; values of another shape are left out. */
export const attributeValues = (item: CatalogItem, name: string): AttributeValue[] =>
  AttributeValuesSchema.parse(item.attributes?.[name]);

/** Answer of searchCatalogItems. Items are parsed one by one, so that an odd one does not cost its neighbours. */
export const CatalogSearchSchema = z.looseObject({ numberOfResults: number, items: z.array(z.unknown()) });

const MoneySchema = z.looseObject({ CurrencyCode: text, Amount: amount });
const money = MoneySchema.nullish().catch(null);
export type OfferMoney = z.infer<typeof MoneySchema>;
const PriceSchema = z.looseObject({ condition: text, LandedPrice: money, ListingPrice: money });
export type OfferPrice = z.infer<typeof PriceSchema>;

/** Offers of one product, as pricing v0 wraps them. */
export const OffersPayloadSchema = z.looseObject({
  ASIN: text,
  /** `Success`, or `NoBuyableOffers` where nobody sells it; other words mean that the counts beside them are none yet. */
  status: text,
  Summary: part({
    TotalOfferCount: number,
    ListPrice: money,
    BuyBoxPrices: list(PriceSchema),
    LowestPrices: list(PriceSchema),
  }),
});
export type OffersPayload = z.infer<typeof OffersPayloadSchema>;

/** One entry of a getItemOffersBatch answer. */
export const OffersBatchEntrySchema = z.looseObject({
  status: part({ statusCode: number, reasonPhrase: text }),
  request: part({ Asin: text, uri: text }),
  body: part({ payload: z.unknown().optional(), errors: z.unknown().optional() }),
});
export type OffersBatchEntry = z.infer<typeof OffersBatchEntrySchema>;

/** Answer of getItemOffersBatch: HTTP 200 although single entries fail. Entries are parsed one by one. */
export const OffersBatchSchema = z.looseObject({ responses: z.array(z.unknown()) });
