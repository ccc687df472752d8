/**
 * Resources that every operation requests: all that maps to a field. Both generations of offers, because OffersV1 has
 * had no prices since 2026-01-31 while archived bodies have nothing else.
 * @see https://webservices.amazon.com/paapi5/documentation
 */
export const ITEM_RESOURCES: readonly string[] = [
  "BrowseNodeInfo.BrowseNodes",
  "BrowseNodeInfo.BrowseNodes.Ancestor",
  "BrowseNodeInfo.BrowseNodes.SalesRank",
  "CustomerReviews.Count",
  "CustomerReviews.StarRating",
  "Images.Primary.Small",
  "Images.Primary.Medium",
  "Images.Primary.Large",
  "Images.Variants.Small",
  "Images.Variants.Medium",
  "Images.Variants.Large",
  "ItemInfo.ByLineInfo",
  "ItemInfo.Classifications",
  "ItemInfo.ContentInfo",
  "ItemInfo.ContentRating",
  "ItemInfo.ExternalIds",
  "ItemInfo.Features",
  "ItemInfo.ManufactureInfo",
  "ItemInfo.ProductInfo",
  "ItemInfo.TechnicalInfo",
  "ItemInfo.Title",
  "Offers.Listings.Availability.Message",
  "Offers.Listings.Availability.Type",
  "Offers.Listings.Condition",
  "Offers.Listings.IsBuyBoxWinner",
  "Offers.Listings.Price",
  "Offers.Listings.SavingBasis",
  "OffersV2.Listings.Availability",
  "OffersV2.Listings.Condition",
  "OffersV2.Listings.IsBuyBoxWinner",
  "OffersV2.Listings.Price",
  "OffersV2.Listings.Type",
  "ParentASIN",
];

/** Further resources of GetVariations: the pictures and colours of the family. */
export const VARIATION_RESOURCES: readonly string[] = [
  "Images.Primary.Small",
  "Images.Primary.Medium",
  "Images.Primary.Large",
  "Images.Variants.Small",
  "Images.Variants.Medium",
  "Images.Variants.Large",
  "ItemInfo.ProductInfo",
  "ItemInfo.Title",
  "ParentASIN",
  "VariationSummary.VariationDimension",
];
