const ITEM_RESOURCES = [
  "browseNodeInfo.browseNodes",
  "browseNodeInfo.browseNodes.ancestor",
  "browseNodeInfo.browseNodes.salesRank",
  "browseNodeInfo.websiteSalesRank",
  "customerReviews.count",
  "customerReviews.starRating",
  "images.primary.small",
  "images.primary.medium",
  "images.primary.large",
  "images.primary.highRes",
  "images.variants.small",
  "images.variants.medium",
  "images.variants.large",
  "images.variants.highRes",
  "itemInfo.byLineInfo",
  "itemInfo.contentInfo",
  "itemInfo.contentRating",
  "itemInfo.classifications",
  "itemInfo.externalIds",
  "itemInfo.features",
  "itemInfo.manufactureInfo",
  "itemInfo.productInfo",
  "itemInfo.technicalInfo",
  "itemInfo.title",
  "itemInfo.tradeInInfo",
  "offersV2.listings.availability",
  "offersV2.listings.condition",
  "offersV2.listings.dealDetails",
  "offersV2.listings.isBuyBoxWinner",
  "offersV2.listings.loyaltyPoints",
  "offersV2.listings.merchantInfo",
  "offersV2.listings.price",
  "offersV2.listings.type",
  "parentASIN",
];

/** Names of operations as the path has them. */
export type CreatorsOperation = "getItems" | "searchItems" | "getVariations" | "getBrowseNodes";

/**
 * Every resource that an operation takes, to the letter; anything else is refused.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/api-reference/operations/get-items
 */
export const RESOURCES: Readonly<Record<CreatorsOperation, ReadonlySet<string>>> = {
  getItems: new Set(ITEM_RESOURCES),
  searchItems: new Set([...ITEM_RESOURCES, "searchRefinements"]),
  getVariations: new Set([
    ...ITEM_RESOURCES,
    "variationSummary.price.highestPrice",
    "variationSummary.price.lowestPrice",
    "variationSummary.variationDimension",
  ]),
  getBrowseNodes: new Set(["browseNodes.ancestor", "browseNodes.children"]),
};
