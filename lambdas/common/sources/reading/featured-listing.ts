/** The traits by which listings of an item are ranked, whatever the API calls them. */
export interface ListingTraits {
  /** Such as `New`, `Used`; undefined where the API does not say. */
  readonly condition: string | null | undefined;
  /** Such as `SUBSCRIBE_AND_SAVE`; undefined for an ordinary offer. */
  readonly type: string | null | undefined;
  readonly buyBox: boolean;
  readonly priced: boolean;
}

/** Offers of these conditions are not those of a new item, even when they hold the buy box. */
const NOT_NEW: ReadonlySet<string> = new Set(["Used", "Refurbished", "Collectible"]);

const score = ({ condition, type, buyBox, priced }: ListingTraits): number =>
  (condition === "New" ? 8 : 0) +
  // A subscription's price is not what a single order costs.
  (type === "SUBSCRIBE_AND_SAVE" ? 0 : 4) +
  (buyBox ? 2 : 0) +
  (priced ? 1 : 0);

/**
 * The listing that represents a new item: New before an unknown condition, a single purchase before a subscription, the
 * buy box before others, one with a price before one without; the first of equals. Undefined without any, or when all
 * are used.
 */
export const featuredListing = <Listing>(
  listings: readonly Listing[],
  traitsOf: (listing: Listing) => ListingTraits,
): Listing | undefined => {
  const rated = listings
    .map((listing) => ({ listing, traits: traitsOf(listing) }))
    .filter(({ traits }) => !NOT_NEW.has(traits.condition ?? ""))
    .map(({ listing, traits }) => ({ listing, score: score(traits) }));
  const best = Math.max(...rated.map((one) => one.score));
  return rated.find((one) => one.score === best)?.listing;
};
