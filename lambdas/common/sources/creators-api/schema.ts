import * as z from "zod";
import { amount, flag, list, number, part, pixels, text, texts, webAddress } from "../reading/lenient-leaves.ts";

/*
 * Shapes of the Creators API's answers. Every object keeps fields that are not named here. The documentation shows both
 * null and absence for resources that were not requested.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/api-reference/operations/get-items
 */

/** Decimal major units. */
const MoneySchema = z.looseObject({ amount, currency: text });
const money = MoneySchema.nullish().catch(null);
export type Money = z.infer<typeof MoneySchema>;

const PictureSchema = z.looseObject({ url: webAddress, width: pixels, height: pixels });
const picture = PictureSchema.nullish().catch(null);
export type Picture = z.infer<typeof PictureSchema>;

/** One picture in up to four sizes; the resource is called `highRes`, its key in answers `hiRes`. */
const PictureSizesSchema = z.looseObject({
  small: picture,
  medium: picture,
  large: picture,
  hiRes: picture,
  highRes: picture,
});
export type PictureSizes = z.infer<typeof PictureSizesSchema>;

const attribute = part({ displayValue: text });
const attributes = part({ displayValues: texts });

const ListingSchema = z.looseObject({
  availability: part({ type: text, message: text }),
  condition: part({ value: text }),
  isBuyBoxWinner: flag,
  price: part({ money, savingBasis: part({ money }), savings: part({ money, percentage: number }) }),
  /** LIGHTNING_DEAL, SUBSCRIBE_AND_SAVE, HAUL or something newer. */
  type: text,
});
export type Listing = z.infer<typeof ListingSchema>;

const BrowseNodeSchema = z.looseObject({ id: text, displayName: text, contextFreeName: text });
export type BrowseNode = z.infer<typeof BrowseNodeSchema>;

/** One item of any answer. */
export const ItemSchema = z.looseObject({
  asin: z.string().min(1),
  detailPageURL: text,
  parentASIN: text,
  images: part({ primary: PictureSizesSchema.nullish().catch(null), variants: list(PictureSizesSchema) }),
  itemInfo: part({
    title: attribute,
    features: attributes,
    byLineInfo: part({ brand: attribute, manufacturer: attribute }),
    classifications: part({ productGroup: attribute }),
  }),
  browseNodeInfo: part({ browseNodes: list(BrowseNodeSchema) }),
  offersV2: part({ listings: list(ListingSchema) }),
  customerReviews: part({ count: number, starRating: part({ value: number }) }),
  variationAttributes: list(z.looseObject({ name: text, value: text })),
});
export type Item = z.infer<typeof ItemSchema>;

/** A list that is none makes the whole answer unreadable: its ids would else count as unknown to Amazon. */
const result = z.looseObject({ items: z.array(z.unknown()).nullish() }).nullish();
const ItemErrorSchema = z.looseObject({ code: z.string(), message: z.string().catch("") });
export type ItemError = z.infer<typeof ItemErrorSchema>;

/** Answer of getItems; one page of the documentation calls the key `itemResults`. */
export const GetItemsSchema = z.looseObject({
  itemsResult: result,
  itemResults: result,
  errors: list(ItemErrorSchema),
});

/** Answer of searchItems. */
export const SearchItemsSchema = z.looseObject({ searchResult: result, errors: list(ItemErrorSchema) });

/** Answer of getVariations. */
export const GetVariationsSchema = z.looseObject({
  variationsResult: z
    .looseObject({
      items: z.array(z.unknown()).nullish(),
      variationSummary: part({ pageCount: number }),
    })
    .nullish(),
  errors: list(ItemErrorSchema),
});
