import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import type { Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { Json, Wanted } from "../shared/json.ts";
import { ancestorsOf, catalogItem, LINK_CODES } from "../shared/products/catalog-item.ts";
import { withExplicitNulls } from "../shared/products/explicit-nulls.ts";
import { moneyOf } from "../shared/products/offers-v2.ts";
import type { ProductSource } from "../shared/products/product-source.ts";
import { variationDimensions } from "../shared/products/variation-dimensions.ts";
import type { SeededRandom } from "../shared/seeded-random.ts";
import type { BehaviourState } from "../shared/server/behaviour.ts";
import type { creatorsBehaviour } from "./behaviour.ts";
import { creatorsError, fieldError } from "./errors.ts";
import type { CreatorsRequest } from "./requests.ts";

/** What an operation works with. */
export interface OperationContext {
  readonly products: ProductSource;
  readonly place: Marketplace;
  readonly switches: BehaviourState<typeof creatorsBehaviour>["now"];
  readonly random: SeededRandom;
}

type Body<Operation extends CreatorsRequest["operation"]> = Extract<CreatorsRequest, { operation: Operation }>["body"];

const MESSAGES: Readonly<Record<string, (asin: string) => string>> = {
  ItemNotAccessible: (asin) => `The ItemId ${asin} is not accessible through the Creators API.`,
  // The plural is on the wire.
  InvalidParameterValue: (asin) => `The ItemIds ${asin} provided in the request is invalid.`,
  ItemNotFound: (asin) => `The ItemId ${asin} was not found.`,
};

const itemError = (code: string, asin: string): Json => ({
  code,
  message: MESSAGES[code]?.(asin) ?? `The ItemId ${asin} could not be served: ${code}.`,
});

const notFound = (message: string, resourceType: string, resourceId: string) =>
  creatorsError(404, "ResourceNotFoundException", message, { resourceType, resourceId });

const wantedFrom = (resources: readonly string[] | undefined): Wanted => {
  const asked = new Set(resources ?? ["itemInfo.title"]);
  return (name) => asked.has(name);
};

const writer =
  (context: OperationContext, tag: string, code: string, wanted: Wanted) =>
  (asin: string): Json => {
    const item = catalogItem(context.products.get(asin, context.place), wanted, { tag, code }, context.switches);
    return context.switches.explicit_nulls ? withExplicitNulls(item) : item;
  };

/** Bad ids go to `errors`, the others come back in another order; 404 when all are bad. */
export const getItems = (body: Body<"getItems">, context: OperationContext): Json => {
  const { switches } = context;
  const write = writer(context, body.partnerTag, LINK_CODES.getItems, wantedFrom(body.resources));
  const errors: Json[] = [];
  const items: Json[] = [];
  for (const asin of new Set(body.itemIds)) {
    const code = switches.fail_asins[asin];
    if (!isAsin(asin)) errors.push(itemError("InvalidParameterValue", asin));
    else if (code !== undefined) errors.push(itemError(code, asin));
    else if (switches.not_found_asins.includes(asin)) errors.push(itemError("ItemNotAccessible", asin));
    else items.push(write(asin));
  }
  if (items.length === 0) throw notFound("No items found for the requested item IDs.", "Item", body.itemIds.join(","));
  const shuffled = context.random.shuffle(items);
  return { ...(errors.length > 0 ? { errors } : {}), itemsResult: { items: shuffled } };
};

const SEARCH_INDEXES = ["Books", "Electronics", "HomeAndKitchen", "MoviesAndTV", "ToysAndGames"];

const refinements = (index: string | undefined): Json => {
  const bin = (id: string): Json => ({ id, displayName: id });
  if (index === undefined || index === "All") {
    return { searchIndex: { id: "SearchIndex", displayName: "Department", bins: SEARCH_INDEXES.map(bin) } };
  }
  return {
    browseNode: { id: "BrowseNode", displayName: "Department", bins: [{ id: "172282", displayName: index }] },
    otherRefinements: [{ id: "Brand", displayName: "Brand", bins: [bin("Aldersund"), bin("Tarnwood")] }],
  };
};

/** Ten hits a page, at most 100; filters by price; 404 when nothing is found. */
export const searchItems = (body: Body<"searchItems">, context: OperationContext): Json => {
  const { products, place, switches } = context;
  const words = [body.keywords, body.title, body.brand, body.author, body.actor, body.artist].filter(Boolean).join(" ");
  const wanted = wantedFrom(body.resources);
  const hits = products.search(words || (body.browseNodeId ?? body.searchIndex ?? ""), place).filter((asin) => {
    if (switches.not_found_asins.includes(asin) || switches.fail_asins[asin] !== undefined) return false;
    const price = products.get(asin, place).priceMinor;
    if (body.minPrice !== undefined && (price === null || price < body.minPrice)) return false;
    return body.maxPrice === undefined || (price !== null && price <= body.maxPrice);
  });
  if (body.sortBy === "Price:HighToLow" || body.sortBy === "Price:LowToHigh") {
    const sign = body.sortBy === "Price:LowToHigh" ? 1 : -1;
    const priceOf = (asin: string): number => products.get(asin, place).priceMinor ?? 0;
    hits.sort((left, right) => sign * (priceOf(left) - priceOf(right)));
  }
  const page = hits.slice(0, 100).slice((body.itemPage - 1) * body.itemCount, body.itemPage * body.itemCount);
  if (page.length === 0) throw notFound("No results found for your search request", "SearchResult", words);
  const write = writer(context, body.partnerTag, LINK_CODES.searchItems, wanted);
  return {
    searchResult: {
      items: page.map(write),
      searchURL: `https://${place.code}/s?k=${encodeURIComponent(words)}&tag=${encodeURIComponent(body.partnerTag)}&linkCode=osi`,
      totalResultCount: hits.length,
      ...(wanted("searchRefinements") ? { searchRefinements: refinements(body.searchIndex) } : {}),
    },
  };
};

/** The whole family of a parent or any child, a page at a time; 404 for a product on its own. */
export const getVariations = (body: Body<"getVariations">, context: OperationContext): Json => {
  const { products, place, switches } = context;
  if (!isAsin(body.asin)) throw fieldError(["asin"], `The ASIN ${body.asin} provided in the request is invalid.`);
  const family = switches.not_found_asins.includes(body.asin) ? null : products.familyOf(body.asin);
  const children = (family?.children ?? []).filter((asin) => !switches.not_found_asins.includes(asin));
  const first = (body.variationPage - 1) * body.variationCount;
  const page = children.slice(first, first + body.variationCount);
  if (page.length === 0) throw notFound("No variations found for the requested ASIN.", "Variation", body.asin);
  const wanted = wantedFrom(body.resources);
  const write = writer(context, body.partnerTag, LINK_CODES.getVariations, wanted);
  const all = children.map((asin) => products.get(asin, place));
  const prices = all.flatMap((product) => (product.priceMinor === null ? [] : [product.priceMinor]));
  const price: Json = {};
  if (prices.length > 0) {
    if (wanted("variationSummary.price.highestPrice")) price.highestPrice = moneyOf(Math.max(...prices), place);
    if (wanted("variationSummary.price.lowestPrice")) price.lowestPrice = moneyOf(Math.min(...prices), place);
  }
  return {
    variationsResult: {
      items: page.map((asin) => ({
        ...write(asin),
        variationAttributes: [
          { name: "size_name", value: products.get(asin, place).size ?? "One Size" },
          { name: "color_name", value: products.get(asin, place).color ?? "Black" },
        ],
      })),
      variationSummary: {
        pageCount: Math.ceil(children.length / body.variationCount),
        variationCount: children.length,
        ...(Object.keys(price).length > 0 ? { price } : {}),
        ...(wanted("variationSummary.variationDimension") ? { variationDimensions: variationDimensions(all) } : {}),
      },
    },
  };
};

/** Made-up nodes, each with two levels above it; ids below 100 are unknown. */
export const getBrowseNodes = (body: Body<"getBrowseNodes">): Json => {
  const errors: Json[] = [];
  const nodes: Json[] = [];
  for (const id of new Set(body.browseNodeIds)) {
    if (Number(id) < 100) {
      errors.push({
        code: "InvalidParameterValue",
        message: `The BrowseNodeId ${id} provided in the request is invalid.`,
      });
      continue;
    }
    const named = (nodeId: string): { id: string; name: string } => ({ id: nodeId, name: `Category ${nodeId}` });
    const node: Json = { id, displayName: `Category ${id}`, contextFreeName: `Category ${id}`, isRoot: false };
    if (body.resources?.includes("browseNodes.ancestor")) node.ancestor = ancestorsOf([named("1000"), named(`${id}0`)]);
    if (body.resources?.includes("browseNodes.children")) {
      node.children = [{ id: `${id}1`, displayName: `Category ${id}1`, contextFreeName: `Category ${id}1` }];
    }
    nodes.push(node);
  }
  if (nodes.length === 0)
    throw notFound("No browse nodes found for the requested IDs.", "BrowseNode", body.browseNodeIds.join(","));
  return { ...(errors.length > 0 ? { errors } : {}), browseNodesResult: { browseNodes: nodes } };
};
