import * as z from "zod";
import { amount, flag, list, number, part, pixels, text, texts, webAddress } from "../reading/lenient-leaves.ts";

/*
 * Shapes of PA-API's answers. Every object keeps fields that are not named here.
 * @see https://webservices.amazon.com/paapi5/documentation
 */

const value = part({ DisplayValue: text });
const values = part({ DisplayValues: texts });

const ImageSchema = z.looseObject({ URL: webAddress, Width: pixels, Height: pixels });
export type PaapiImage = z.infer<typeof ImageSchema>;
const image = ImageSchema.nullish().catch(null);
const ImageSetSchema = z.looseObject({ Small: image, Medium: image, Large: image });
export type PaapiImageSet = z.infer<typeof ImageSetSchema>;

const MoneySchema = z.looseObject({ Amount: amount, Currency: text, DisplayAmount: text });
export type PaapiMoney = z.infer<typeof MoneySchema>;
const money = MoneySchema.nullish().catch(null);

/** A listing of either generation: V1 keeps money flat, V2 under `Money`, and only V1 has a sibling `SavingBasis`. */
const ListingSchema = z.looseObject({
  Availability: part({ Type: text, Message: text }),
  Condition: part({ Value: text }),
  IsBuyBoxWinner: flag,
  Price: part({
    ...MoneySchema.shape,
    Money: money,
    SavingBasis: part({ Money: money }),
    Savings: part({ ...MoneySchema.shape, Money: money, Percentage: number }),
  }),
  SavingBasis: money,
  /** V2 only: LIGHTNING_DEAL, SUBSCRIBE_AND_SAVE or something newer. */
  Type: text,
});
export type PaapiListing = z.infer<typeof ListingSchema>;

/** A browse node, of which the nearest ancestor is nested in `Ancestor`; `chain` reads it with its ancestors. */
export const BrowseNodeSchema = z.looseObject({ Id: text, DisplayName: text, SalesRank: number });
export type BrowseNode = z.infer<typeof BrowseNodeSchema>;

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
  VariationAttributes: z.unknown().optional(),
});
export type PaapiItem = z.infer<typeof PaapiItemSchema>;

/** What sets a variation apart from its family, read from `VariationAttributes`. */
export const VariationAttributesSchema = list(z.looseObject({ Name: text, Value: text }));

const ErrorSchema = z.looseObject({ Code: z.string(), Message: text });
export type PaapiErrorEntry = z.infer<typeof ErrorSchema>;

/**
 * Any JSON answer of PA-API. Items are parsed one by one, so that an odd one does not cost its neighbours. A list of
 * items that is none makes the whole answer unreadable: its ids would else count as unknown to Amazon.
 */
export const PaapiAnswerSchema = z.looseObject({
  __type: text,
  /** Lower case, without `Errors`, when PA-API itself is broken. */
  message: text,
  Errors: list(ErrorSchema),
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
