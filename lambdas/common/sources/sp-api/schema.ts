import * as z from "zod";

const text = z.string().nullish();
const number = z.number().nullish();
const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish();

/** Answer of Login with Amazon to a refresh token. */
export const LwaTokenSchema = z.looseObject({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive(),
});

/** Refusal by Login with Amazon. */
export const LwaErrorSchema = z.looseObject({ error: text, error_description: text });

/** Refusal by SP-API. */
export const SpApiErrorsSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string(), message: text, details: text })).min(1),
});

/** A browse class with its parents nested, the nearest first. */
interface Classification {
  readonly displayName?: string | null | undefined;
  readonly parent?: Classification | null | undefined;
}
const ClassificationSchema: z.ZodType<Classification> = z.looseObject({
  displayName: text,
  get parent() {
    return ClassificationSchema.nullish();
  },
});

export type { Classification };

const AttributeValueSchema = z.looseObject({
  value: z.unknown().optional(),
  marketplace_id: text,
  currency: text,
});
export type AttributeValue = z.infer<typeof AttributeValueSchema>;

/** One item of Catalog Items 2022-04-01; every data set is a list by marketplace, and any of them may be missing. */
export const CatalogItemSchema = z.looseObject({
  asin: z.string(),
  summaries: list(
    z.looseObject({
      marketplaceId: z.string(),
      itemName: text,
      brand: text,
      manufacturer: text,
      websiteDisplayGroupName: text,
    }),
  ),
  images: list(
    z.looseObject({
      marketplaceId: z.string(),
      images: list(z.looseObject({ variant: text, link: z.string(), height: number, width: number })),
    }),
  ),
  relationships: list(
    z.looseObject({
      marketplaceId: z.string(),
      relationships: list(z.looseObject({ type: text, parentAsins: list(z.string()) })),
    }),
  ),
  classifications: list(z.looseObject({ marketplaceId: z.string(), classifications: list(ClassificationSchema) })),
  /** Documented for brand owners, so often sparse. */
  attributes: z.record(z.string(), z.array(z.unknown())).nullish(),
});
export type CatalogItem = z.infer<typeof CatalogItemSchema>;

/** Reads one attribute's values; values of another shape are left out. */
export const attributeValues = (item: CatalogItem, name: string): AttributeValue[] =>
  (item.attributes?.[name] ?? []).flatMap((raw) => {
    const parsed = AttributeValueSchema.safeParse(raw);
    return parsed.success ? [parsed.data] : [];
  });

/** Answer of searchCatalogItems. Items are parsed one by one, so that an odd one does not cost its neighbours. */
export const CatalogSearchSchema = z.looseObject({ numberOfResults: number, items: z.array(z.unknown()) });

const MoneySchema = z.looseObject({ CurrencyCode: text, Amount: number });
export type OfferMoney = z.infer<typeof MoneySchema>;
const PriceSchema = z.looseObject({
  condition: text,
  LandedPrice: MoneySchema.nullish(),
  ListingPrice: MoneySchema.nullish(),
});
export type OfferPrice = z.infer<typeof PriceSchema>;

/** Offers of one product, as pricing v0 wraps them. */
export const OffersPayloadSchema = z.looseObject({
  ASIN: z.string(),
  /** `Success`, or `NoBuyableOffers` where nobody sells it. */
  status: text,
  Summary: z
    .looseObject({
      TotalOfferCount: number,
      ListPrice: MoneySchema.nullish(),
      BuyBoxPrices: list(PriceSchema),
      LowestPrices: list(PriceSchema),
    })
    .nullish(),
});
export type OffersPayload = z.infer<typeof OffersPayloadSchema>;

/** Answer of getItemOffersBatch: HTTP 200 although single entries fail. */
export const OffersBatchSchema = z.looseObject({
  responses: z.array(
    z.looseObject({
      status: z.looseObject({ statusCode: z.number(), reasonPhrase: text }),
      request: z.looseObject({ Asin: text, uri: text }).nullish(),
      body: z.looseObject({ payload: z.unknown().optional(), errors: z.unknown().optional() }).nullish(),
    }),
  ),
});
export type OffersBatchEntry = z.infer<typeof OffersBatchSchema>["responses"][number];
