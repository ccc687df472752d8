import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import type { Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { Json } from "../shared/json.ts";
import { ancestorsOf, catalogItem, LINK_CODES } from "../shared/products/catalog-item.ts";
import { moneyOf } from "../shared/products/offers-v2.ts";
import type { ProductSource } from "../shared/products/product-source.ts";
import { variationDimensions } from "../shared/products/variation-dimensions.ts";
import type { SeededRandom } from "../shared/seeded-random.ts";
import type { BehaviourState } from "../shared/server/behaviour.ts";
import type { paapiBehaviour } from "./behaviour.ts";
import { errorData, invalidValue } from "./errors.ts";
import { offersV1Of } from "./offers-v1.ts";
import { pascalCase } from "./pascal-case.ts";
import type { PaapiRequest } from "./requests.ts";
import { camelResource } from "./resources.ts";

/** What an operation works with. */
export interface PaapiContext {
  readonly products: ProductSource;
  readonly place: Marketplace;
  readonly switches: BehaviourState<typeof paapiBehaviour>["now"];
  readonly random: SeededRandom;
}

type Body<Operation extends PaapiRequest["operation"]> = Extract<PaapiRequest, { operation: Operation }>["body"];

const NO_RESULTS = { Errors: [errorData("NoResults", "No results found for your request.")] };

const itemError = (code: string, asin: string): Json => {
  if (code === "InvalidParameterValue")
    return errorData(code, `The ItemId ${asin} provided in the request is invalid.`);
  if (code === "ItemNotAccessible") {
    return errorData(code, `The ItemId ${asin} is not accessible through the Product Advertising API.`);
  }
  return errorData(code, `The ItemId ${asin} could not be served: ${code}.`);
};

const writer = (context: PaapiContext, tag: string, code: string, resources: readonly string[] | undefined) => {
  const asked = new Set(resources?.length ? resources : ["ItemInfo.Title"]);
  const camel = new Set([...asked].map(camelResource));
  const wantedV1 = (name: string): boolean => asked.has(name);
  return (asin: string): Json => {
    const product = context.products.get(asin, context.place);
    const item = pascalCase(catalogItem(product, (name) => camel.has(name), { tag, code }, context.switches)) as Json;
    const offers = context.switches.offers_v1 ? offersV1Of(product, wantedV1, context.switches) : undefined;
    return offers ? { ...item, Offers: offers } : item;
  };
};

/** Bad ids go to `Errors`; when all are bad the answer is still 200, with nothing but `Errors`. */
export const getItems = (body: Body<"GetItems">, context: PaapiContext): Json => {
  const { switches } = context;
  const write = writer(context, body.PartnerTag, LINK_CODES.getItems, body.Resources);
  const errors: Json[] = [];
  const items: Json[] = [];
  for (const asin of new Set(body.ItemIds)) {
    const code = switches.fail_asins[asin];
    if (!isAsin(asin)) errors.push(itemError("InvalidParameterValue", asin));
    else if (code !== undefined) errors.push(itemError(code, asin));
    else if (switches.not_found_asins.includes(asin)) errors.push(itemError("ItemNotAccessible", asin));
    else items.push(write(asin));
  }
  return {
    ...(errors.length > 0 ? { Errors: errors } : {}),
    ...(items.length > 0 ? { ItemsResult: { Items: context.random.shuffle(items) } } : {}),
  };
};

/** Ten hits a page, at most 100; NoResults when nothing is found. */
export const searchItems = (body: Body<"SearchItems">, context: PaapiContext): Json => {
  const { products, place, switches } = context;
  const words = [body.Keywords, body.Title, body.Brand, body.Author, body.Actor, body.Artist].filter(Boolean).join(" ");
  const hits = products.search(words || (body.BrowseNodeId ?? body.SearchIndex ?? ""), place).filter((asin) => {
    if (switches.not_found_asins.includes(asin) || switches.fail_asins[asin] !== undefined) return false;
    const price = products.get(asin, place).priceMinor;
    if (body.MinPrice !== undefined && (price === null || price < body.MinPrice)) return false;
    return body.MaxPrice === undefined || (price !== null && price <= body.MaxPrice);
  });
  const page = hits.slice(0, 100).slice((body.ItemPage - 1) * body.ItemCount, body.ItemPage * body.ItemCount);
  if (page.length === 0) return NO_RESULTS;
  return {
    SearchResult: {
      Items: page.map(writer(context, body.PartnerTag, LINK_CODES.searchItems, body.Resources)),
      SearchURL: `https://${place.code}/s?k=${encodeURIComponent(words)}&tag=${encodeURIComponent(body.PartnerTag)}&linkCode=osi`,
      TotalResultCount: hits.length,
    },
  };
};

/** The whole family of a parent or any child, a page at a time; NoResults for a product on its own. */
export const getVariations = (body: Body<"GetVariations">, context: PaapiContext): Json => {
  const { products, place, switches } = context;
  if (!isAsin(body.ASIN)) throw invalidValue(`The ASIN ${body.ASIN} provided in the request is invalid.`);
  const family = switches.not_found_asins.includes(body.ASIN) ? null : products.familyOf(body.ASIN);
  const children = (family?.children ?? []).filter((asin) => !switches.not_found_asins.includes(asin));
  const first = (body.VariationPage - 1) * body.VariationCount;
  const page = children.slice(first, first + body.VariationCount);
  if (page.length === 0) return NO_RESULTS;
  const write = writer(context, body.PartnerTag, LINK_CODES.getVariations, body.Resources);
  const wanted = new Set(body.Resources ?? []);
  const all = children.map((asin) => products.get(asin, place));
  const prices = all.flatMap((product) => (product.priceMinor === null ? [] : [product.priceMinor]));
  const price: Json = {};
  if (prices.length > 0) {
    if (wanted.has("VariationSummary.Price.HighestPrice"))
      price.HighestPrice = pascalCase(moneyOf(Math.max(...prices), place));
    if (wanted.has("VariationSummary.Price.LowestPrice"))
      price.LowestPrice = pascalCase(moneyOf(Math.min(...prices), place));
  }
  return {
    VariationsResult: {
      Items: page.map((asin) => ({
        ...write(asin),
        VariationAttributes: [
          { Name: "size_name", Value: products.get(asin, place).size ?? "One Size" },
          { Name: "color_name", Value: products.get(asin, place).color ?? "Black" },
        ],
      })),
      VariationSummary: {
        PageCount: Math.ceil(children.length / body.VariationCount),
        VariationCount: children.length,
        ...(Object.keys(price).length > 0 ? { Price: price } : {}),
        ...(wanted.has("VariationSummary.VariationDimension")
          ? { VariationDimensions: pascalCase(variationDimensions(all)) }
          : {}),
      },
    },
  };
};

/** Made-up nodes; ids below 100 are unknown. */
export const getBrowseNodes = (body: Body<"GetBrowseNodes">): Json => {
  const errors: Json[] = [];
  const nodes: Json[] = [];
  for (const id of new Set(body.BrowseNodeIds)) {
    if (Number(id) < 100) {
      errors.push(errorData("InvalidParameterValue", `The BrowseNodeId ${id} provided in the request is invalid.`));
      continue;
    }
    const name = `Category ${id}`;
    const node: Json = { Id: id, DisplayName: name, ContextFreeName: name, IsRoot: false };
    if (body.Resources?.includes("BrowseNodes.Ancestor"))
      node.Ancestor = pascalCase(ancestorsOf([{ id: "1000", name: "Subjects" }]));
    if (body.Resources?.includes("BrowseNodes.Children")) {
      node.Children = [{ Id: `${id}1`, DisplayName: `${name}1`, ContextFreeName: `${name}1` }];
    }
    nodes.push(node);
  }
  return {
    ...(errors.length > 0 ? { Errors: errors } : {}),
    ...(nodes.length > 0 ? { BrowseNodesResult: { BrowseNodes: nodes } } : {}),
  };
};
