import * as z from "zod";
import { flag, number, text, texts } from "../reading/lenient-leaves.ts";

/*
 * Shapes of the Creators API's answers. Every object keeps fields that are not named here. Null, absent and a value of
 * the wrong type all count as "not given", so that one odd attribute never costs the rest of an item. The
 * documentation shows both null and absence for resources that were not requested.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/api-reference/operations/get-items
 */

const whole = z.int().positive().nullish().catch(null);

const MoneySchema = z.looseObject({
  /** Decimal major units. */
  amount: z.union([z.number(), z.string()]).nullish().catch(null),
  currency: text,
});
const money = MoneySchema.nullish().catch(null);
export type Money = z.infer<typeof MoneySchema>;

const PictureSchema = z.looseObject({ url: z.url(), width: whole, height: whole });
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

const attribute = z.looseObject({ displayValue: text }).nullish().catch(null);
const attributes = z.looseObject({ displayValues: texts }).nullish().catch(null);

const ListingSchema = z.looseObject({
  availability: z.looseObject({ type: text, message: text }).nullish().catch(null),
  condition: z.looseObject({ value: text }).nullish().catch(null),
  isBuyBoxWinner: flag,
  price: z
    .looseObject({
      money,
      savingBasis: z.looseObject({ money }).nullish().catch(null),
      savings: z.looseObject({ money, percentage: number }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  /** LIGHTNING_DEAL, SUBSCRIBE_AND_SAVE, HAUL or something newer. */
  type: text,
});
export type Listing = z.infer<typeof ListingSchema>;

const BrowseNodeSchema = z.looseObject({ id: text, displayName: text, contextFreeName: text });
export type BrowseNode = z.infer<typeof BrowseNodeSchema>;

const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((values) =>
      (values ?? []).flatMap((value) => {
        const parsed = item.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      }),
    );

/** One item of any answer. */
export const ItemSchema = z.looseObject({
  asin: z.string().min(1),
  detailPageURL: text,
  parentASIN: text,
  images: z
    .looseObject({ primary: PictureSizesSchema.nullish().catch(null), variants: list(PictureSizesSchema) })
    .nullish()
    .catch(null),
  itemInfo: z
    .looseObject({
      title: attribute,
      features: attributes,
      byLineInfo: z.looseObject({ brand: attribute, manufacturer: attribute }).nullish().catch(null),
      classifications: z.looseObject({ productGroup: attribute }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  browseNodeInfo: z
    .looseObject({ browseNodes: list(BrowseNodeSchema) })
    .nullish()
    .catch(null),
  offersV2: z
    .looseObject({ listings: list(ListingSchema) })
    .nullish()
    .catch(null),
  customerReviews: z
    .looseObject({ count: number, starRating: z.looseObject({ value: number }).nullish().catch(null) })
    .nullish()
    .catch(null),
  variationAttributes: list(z.looseObject({ name: text, value: text })),
});
export type Item = z.infer<typeof ItemSchema>;

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
      variationSummary: z.looseObject({ pageCount: number }).nullish().catch(null),
    })
    .nullish(),
  errors: list(ItemErrorSchema),
});
