import { isAsin } from "../../core/products/asin.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { SourceItemFailure, SourceProduct, VariationsAnswer } from "../../core/sources/source-client.ts";
import { accountFor } from "../calling/account-for.ts";
import {
  GetItemsSchema,
  GetVariationsSchema,
  type Item,
  type ItemError,
  ItemSchema,
  SearchItemsSchema,
} from "./schema.ts";
import { toProductFields } from "./to-product.ts";

const itemsOf = (values: readonly unknown[] | null | undefined): Item[] =>
  (values ?? []).flatMap((value) => {
    const parsed = ItemSchema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });

/** Errors name their ids only in the message (`The ItemId X…`, `The ItemIds X…`), and some name none. */
const failuresOf = (asked: readonly string[], errors: readonly ItemError[]): SourceItemFailure[] =>
  errors.flatMap(({ code, message }) => {
    const words = new Set(message.toUpperCase().split(/[^A-Z0-9]+/));
    const named = asked.filter((asin) => words.has(asin));
    return (named.length > 0 ? named : [""]).map((asin) => ({ asin, code, message }));
  });

/** Items without a readable id. Everything else in an item may be missing. */
const unreadable = (values: readonly unknown[] | null | undefined): SourceItemFailure[] =>
  (values ?? [])
    .filter((value) => !ItemSchema.safeParse(value).success)
    .map(() => ({ asin: "", code: "UnreadableItem", message: "the Creators API sent an item in an unknown form" }));

/** What an answer of getItems says about the requested ids; undefined when the body is no such answer. */
export const readGetItems = (
  body: unknown,
  asked: readonly string[],
  place: Marketplace,
): { products: SourceProduct[]; failures: SourceItemFailure[] } | undefined => {
  const parsed = GetItemsSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { itemsResult, itemResults, errors } = parsed.data;
  if (!itemsResult && !itemResults && errors.length === 0) return undefined;
  const items = (itemsResult ?? itemResults)?.items;
  const products = itemsOf(items).map((item) => ({
    asin: item.asin.toUpperCase(),
    fields: toProductFields(item, place),
  }));
  const failures = [...failuresOf(asked, errors), ...unreadable(items)];
  return accountFor(asked, { products, failures }, notFound);
};

/**
 * Failure of every id of a 404. It means that none of the ids is available, for any reason, so each gets the code that
 * such an id has in an answer with other ids.
 */
export const notAccessible = (asin: string): SourceItemFailure => ({
  asin,
  code: "ItemNotAccessible",
  message: `The Creators API gives nothing about ${asin} in this shop.`,
});

/** Failure of an id about which the API said nothing. */
const notFound = (asin: string): SourceItemFailure => ({
  asin,
  code: "ItemNotFound",
  message: `The Creators API knows no item ${asin} in this shop.`,
});

/** Products of an answer of searchItems, in its order; undefined when the body is no such answer. */
export const readSearchItems = (body: unknown, place: Marketplace): SourceProduct[] | undefined => {
  const parsed = SearchItemsSchema.safeParse(body);
  if (!parsed.success) return undefined;
  return itemsOf(parsed.data.searchResult?.items)
    .filter(({ asin }) => isAsin(asin))
    .map((item) => ({ asin: item.asin, fields: toProductFields(item, place) }));
};

const sizesOf = (item: Item) =>
  [item.images?.primary, ...(item.images?.variants ?? [])].flatMap((sizes) =>
    sizes
      ? [
          {
            small: sizes.small?.url ?? null,
            medium: sizes.medium?.url ?? null,
            large: sizes.hiRes?.url ?? sizes.highRes?.url ?? sizes.large?.url ?? null,
          },
        ]
      : [],
  );

/** One page of an answer of getVariations; undefined when the body is no such answer. */
export const readGetVariations = (
  body: unknown,
): Pick<VariationsAnswer, "parentAsin" | "variants" | "pages"> | undefined => {
  const parsed = GetVariationsSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const items = itemsOf(parsed.data.variationsResult?.items).filter(({ asin }) => isAsin(asin));
  const parent = items.find(({ parentASIN }) => parentASIN && isAsin(parentASIN))?.parentASIN ?? null;
  const pages = parsed.data.variationsResult?.variationSummary?.pageCount;
  return {
    parentAsin: parent,
    variants: items.map((item) => ({
      asin: item.asin,
      color_name: item.variationAttributes.find(({ name }) => name === "color_name")?.value ?? null,
      images: sizesOf(item),
    })),
    pages: typeof pages === "number" && pages >= 1 ? Math.floor(pages) : items.length > 0 ? 1 : 0,
  };
};
