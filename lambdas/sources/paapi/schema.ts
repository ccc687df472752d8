import * as z from "zod";

const text = z.string().nullish();
const number = z.number().nullish();
const flag = z.boolean().nullish();
const value = z.looseObject({ DisplayValue: text }).nullish();
const values = z.looseObject({ DisplayValues: z.array(z.string()).nullish() }).nullish();

const ImageSchema = z.looseObject({ URL: z.string(), Width: number, Height: number });
export type PaapiImage = z.infer<typeof ImageSchema>;
const ImageSetSchema = z.looseObject({
  Small: ImageSchema.nullish(),
  Medium: ImageSchema.nullish(),
  Large: ImageSchema.nullish(),
});
export type PaapiImageSet = z.infer<typeof ImageSetSchema>;

const MoneySchema = z.looseObject({ Amount: number, Currency: text, DisplayAmount: text });
export type PaapiMoney = z.infer<typeof MoneySchema>;

/** A listing of either generation: V1 keeps money flat, V2 under `Money`, and only V1 has a sibling `SavingBasis`. */
const ListingSchema = z.looseObject({
  Availability: z.looseObject({ Type: text, Message: text }).nullish(),
  Condition: z.looseObject({ Value: text }).nullish(),
  IsBuyBoxWinner: flag,
  Price: MoneySchema.extend({
    Money: MoneySchema.nullish(),
    SavingBasis: z.looseObject({ Money: MoneySchema.nullish() }).nullish(),
    Savings: MoneySchema.extend({ Money: MoneySchema.nullish(), Percentage: number }).nullish(),
  }).nullish(),
  SavingBasis: MoneySchema.nullish(),
});
export type PaapiListing = z.infer<typeof ListingSchema>;

/** A browse node with its ancestors nested, the nearest first. */
export interface BrowseNode {
  readonly DisplayName?: string | null | undefined;
  readonly SalesRank?: number | null | undefined;
  readonly Ancestor?: BrowseNode | null | undefined;
}
const BrowseNodeSchema: z.ZodType<BrowseNode> = z.looseObject({
  DisplayName: text,
  SalesRank: number,
  get Ancestor() {
    return BrowseNodeSchema.nullish();
  },
});

/** One item. Resources that a product lacks are left out or null, which is the same. */
export const PaapiItemSchema = z.looseObject({
  ASIN: z.string(),
  ParentASIN: text,
  DetailPageURL: text,
  BrowseNodeInfo: z.looseObject({ BrowseNodes: z.array(BrowseNodeSchema).nullish() }).nullish(),
  CustomerReviews: z.looseObject({ Count: number, StarRating: z.looseObject({ Value: number }).nullish() }).nullish(),
  Images: z.looseObject({ Primary: ImageSetSchema.nullish(), Variants: z.array(ImageSetSchema).nullish() }).nullish(),
  ItemInfo: z
    .looseObject({
      ByLineInfo: z.looseObject({ Brand: value, Manufacturer: value }).nullish(),
      Features: values,
      ProductInfo: z.looseObject({ Color: value }).nullish(),
      Title: value,
    })
    .nullish(),
  Offers: z.looseObject({ Listings: z.array(ListingSchema).nullish() }).nullish(),
  OffersV2: z.looseObject({ Listings: z.array(ListingSchema).nullish() }).nullish(),
  VariationAttributes: z.array(z.looseObject({ Name: text, Value: text })).nullish(),
});
export type PaapiItem = z.infer<typeof PaapiItemSchema>;

const ErrorSchema = z.looseObject({ Code: z.string(), Message: text });
export type PaapiErrorEntry = z.infer<typeof ErrorSchema>;

/** Any JSON answer of PA-API. Items are parsed one by one, so that an odd one does not cost its neighbours. */
export const PaapiAnswerSchema = z.looseObject({
  __type: text,
  /** Lower case, without `Errors`, when PA-API itself is broken. */
  message: text,
  Errors: z.array(ErrorSchema).nullish(),
  ItemsResult: z.looseObject({ Items: z.array(z.unknown()).nullish() }).nullish(),
  SearchResult: z.looseObject({ Items: z.array(z.unknown()).nullish() }).nullish(),
  VariationsResult: z
    .looseObject({
      Items: z.array(z.unknown()).nullish(),
      VariationSummary: z.looseObject({ PageCount: number, VariationCount: number }).nullish(),
    })
    .nullish(),
});
export type PaapiAnswer = z.infer<typeof PaapiAnswerSchema>;
