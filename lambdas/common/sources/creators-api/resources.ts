const IMAGES = ["small", "medium", "large", "highRes"].flatMap((size) => [
  `images.primary.${size}`,
  `images.variants.${size}`,
]);

/** All resources that our fields are read from. Names are case-sensitive: a wrong one is a 400. */
export const ITEM_RESOURCES: readonly string[] = [
  "browseNodeInfo.browseNodes",
  "customerReviews.count",
  "customerReviews.starRating",
  ...IMAGES,
  "itemInfo.byLineInfo",
  "itemInfo.classifications",
  "itemInfo.contentInfo",
  "itemInfo.contentRating",
  "itemInfo.externalIds",
  "itemInfo.features",
  "itemInfo.manufactureInfo",
  "itemInfo.productInfo",
  "itemInfo.technicalInfo",
  "itemInfo.title",
  "offersV2.listings.availability",
  "offersV2.listings.condition",
  "offersV2.listings.dealDetails",
  "offersV2.listings.isBuyBoxWinner",
  "offersV2.listings.merchantInfo",
  "offersV2.listings.price",
  "offersV2.listings.type",
  "parentASIN",
];

/** Resources that colour variants are read from. */
export const VARIATION_RESOURCES: readonly string[] = [
  ...IMAGES,
  "itemInfo.title",
  "parentASIN",
  "variationSummary.variationDimension",
];
