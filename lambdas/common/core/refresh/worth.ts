/** How often a product was asked for and how often it was seen to change, by day. */
export interface Demand {
  /** Hours of a day in which somebody read it, 0 to 24. */
  readonly viewsPerDay: number;
  /** Observed changes of price, availability or status a day. */
  readonly changesPerDay: number;
}

/** A product that changes once a day is worth so much more to its readers than one that never does. */
const CHANGE_WEIGHT = 1;
/** Changes a day beyond which more say nothing: it is fetched once a day. */
const MAX_CHANGES = 1;

/** What it is worth to readers that a product is fresh; 0 when nobody reads it. */
export const worthOf = ({ viewsPerDay, changesPerDay }: Demand): number =>
  viewsPerDay * (1 + CHANGE_WEIGHT * Math.min(MAX_CHANGES, changesPerDay));
