import * as z from "zod";
import { flag, number, text, texts } from "../reading/lenient-leaves.ts";

/*
 * Shapes of PA-API's answers. Every object keeps fields that are not named here. Null, absent and a value of the wrong
 * type all count as "not given", so that one odd attribute never costs the rest of an item.
 * @see https://webservices.amazon.com/paapi5/documentation
 */

/** An object; any other value counts as not given. */
const part = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.looseObject(shape).nullish().catch(null);
/** A list without its odd entries; any other value counts as not given. */
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((values) =>
      values?.flatMap((value) => {
        const parsed = item.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      }),
    );
const value = part({ DisplayValue: text });
const values = part({ DisplayValues: texts });

const ImageSchema = z.looseObject({ URL: z.string(), Width: number, Height: number });
export type PaapiImage = z.infer<typeof ImageSchema>;
const image = ImageSchema.nullish().catch(null);
const ImageSetSchema = z.looseObject({ Small: image, Medium: image, Large: image });
export type PaapiImageSet = z.infer<typeof ImageSetSchema>;

const MoneySchema = z.looseObject({ Amount: number, Currency: text, DisplayAmount: text });
export type PaapiMoney = z.infer<typeof MoneySchema>;
const money = MoneySchema.nullish().catch(null);

/** A listing of either generation: V1 keeps money flat, V2 under `Money`, and only V1 has a sibling `SavingBasis`. */
const ListingSchema = z.looseObject({
  Availability: part({ Type: text, Message: text }),
  Condition: part({ Value: text }),
  IsBuyBoxWinner: flag,
  Price: MoneySchema.extend({
    Money: money,
    SavingBasis: part({ Money: money }),
    Savings: MoneySchema.extend({ Money: money, Percentage: number }).nullish().catch(null),
  })
    .nullish()
    .catch(null),
  SavingBasis: money,
  /** V2 only: LIGHTNING_DEAL, SUBSCRIBE_AND_SAVE or something newer. */
  Type: text,
});
export type PaapiListing = z.infer<typeof ListingSchema>;

/** A browse node with its ancestors nested, the nearest first. */
export interface BrowseNode {
  readonly Id?: string | null | undefined;
  readonly DisplayName?: string | null | undefined;
  readonly SalesRank?: number | null | undefined;
  readonly Ancestor?: BrowseNode | null | undefined;
}
const BrowseNodeSchema: z.ZodType<BrowseNode> = z.looseObject({
  Id: text,
  DisplayName: text,
  SalesRank: number,
  get Ancestor() {
    return BrowseNodeSchema.nullish().catch(null);
  },
});

/** One item. Resources that a product lacks are left out or null, which is the same. */
export const PaapiItemSchema = z.looseObject({
  ASIN: z.string(),
  ParentASIN: text,
  DetailPageURL: text,
  BrowseNodeInfo: part({ BrowseNodes: list(BrowseNodeSchema) }),
  CustomerReviews: part({ Count: number, StarRating: part({ Value: number }) }),
  Images: part({ Primary: ImageSetSchema.nullish().catch(null), Variants: list(ImageSetSchema) }),
  ItemInfo: part({
    ByLineInfo: part({ Brand: value, Manufacturer: value }),
    Features: values,
    ProductInfo: part({ Color: value }),
    Title: value,
  }),
  Offers: part({ Listings: list(ListingSchema) }),
  OffersV2: part({ Listings: list(ListingSchema) }),
  VariationAttributes: list(z.looseObject({ Name: text, Value: text })),
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
  BrowseNodesResult: part({ BrowseNodes: list(BrowseNodeSchema) }),
  SearchResult: z.looseObject({ Items: z.array(z.unknown()).nullish() }).nullish(),
  VariationsResult: z
    .looseObject({
      Items: z.array(z.unknown()).nullish(),
      VariationSummary: part({ PageCount: number, VariationCount: number }),
    })
    .nullish(),
});
export type PaapiAnswer = z.infer<typeof PaapiAnswerSchema>;
