/** The operation behind `SourceClient.fetchOffers`: prices, where a source has an operation of its own for them. */
export const OFFERS_OPERATION = "item-offers";
/** The operation behind `SourceClient.fetchSeries`: prices that the source kept by itself. */
export const SERIES_OPERATION = "history";
/** The operation that lists the variations of a product. */
export const VARIATIONS_OPERATION = "get-variations";
