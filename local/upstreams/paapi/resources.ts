const under = (prefix: string, names: readonly string[]): string[] => names.map((name) => `${prefix}.${name}`);

const OFFERS_V1 = [
  ...under("Offers.Listings.Availability", ["MaxOrderQuantity", "Message", "MinOrderQuantity", "Type"]),
  ...under("Offers.Listings", ["Condition", "Condition.ConditionNote", "Condition.SubCondition"]),
  ...under("Offers.Listings.DeliveryInfo", [
    "IsAmazonFulfilled",
    "IsFreeShippingEligible",
    "IsPrimeEligible",
    "ShippingCharges",
  ]),
  ...under("Offers.Listings", ["IsBuyBoxWinner", "LoyaltyPoints.Points", "MerchantInfo", "Price"]),
  ...under("Offers.Listings.ProgramEligibility", ["IsPrimeExclusive", "IsPrimePantry"]),
  ...under("Offers.Listings", ["Promotions", "SavingBasis"]),
  ...under("Offers.Summaries", ["HighestPrice", "LowestPrice", "OfferCount"]),
];

const RENTAL = [
  ...under("RentalOffers.Listings.Availability", ["MaxOrderQuantity", "Message", "MinOrderQuantity", "Type"]),
  ...under("RentalOffers.Listings", ["BasePrice", "Condition", "Condition.ConditionNote", "Condition.SubCondition"]),
  ...under("RentalOffers.Listings.DeliveryInfo", [
    "IsAmazonFulfilled",
    "IsFreeShippingEligible",
    "IsPrimeEligible",
    "ShippingCharges",
  ]),
  ...under("RentalOffers.Listings", ["MerchantInfo"]),
];

const ITEM_RESOURCES = [
  ...under("BrowseNodeInfo", ["BrowseNodes", "BrowseNodes.Ancestor", "BrowseNodes.SalesRank", "WebsiteSalesRank"]),
  ...under("CustomerReviews", ["Count", "StarRating"]),
  ...under("Images.Primary", ["Small", "Medium", "Large"]),
  ...under("Images.Variants", ["Small", "Medium", "Large"]),
  ...under("ItemInfo", [
    "ByLineInfo",
    "ContentInfo",
    "ContentRating",
    "Classifications",
    "ExternalIds",
    "Features",
    "ManufactureInfo",
    "ProductInfo",
    "TechnicalInfo",
    "Title",
    "TradeInInfo",
  ]),
  "ParentASIN",
  ...OFFERS_V1,
  ...under("OffersV2.Listings", [
    "Availability",
    "Condition",
    "DealDetails",
    "IsBuyBoxWinner",
    "LoyaltyPoints",
    "MerchantInfo",
    "Price",
    "Type",
  ]),
  ...RENTAL,
];

/** Names of the operations, as in the target header. */
export type PaapiOperation = "GetItems" | "SearchItems" | "GetVariations" | "GetBrowseNodes";

/**
 * Every resource that an operation takes, to the letter.
 * @see https://webservices.amazon.com/paapi5/documentation/get-items.html
 */
export const PAAPI_RESOURCES: Readonly<Record<PaapiOperation, ReadonlySet<string>>> = {
  GetItems: new Set(ITEM_RESOURCES),
  SearchItems: new Set([...ITEM_RESOURCES, "SearchRefinements"]),
  GetVariations: new Set([
    ...ITEM_RESOURCES,
    ...under("VariationSummary", ["Price.HighestPrice", "Price.LowestPrice", "VariationDimension"]),
  ]),
  GetBrowseNodes: new Set(["BrowseNodes.Ancestor", "BrowseNodes.Children"]),
};

/** The Creators API's name for a PA-API resource: `Images.Primary.Small` → `images.primary.small`. */
export const camelResource = (name: string): string =>
  name
    .split(".")
    .map((part) => part.charAt(0).toLowerCase() + part.slice(1))
    .join(".");
