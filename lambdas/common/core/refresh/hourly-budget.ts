/** What a source gives the refresh. */
export interface RefreshSupply {
  readonly idsPerCall: number;
  readonly callsPerSecond: number;
  /** Calls that the refresh may make in 24 hours; null: as many as its pace allows. */
  readonly callsPerDay: number | null;
  /** Of these, calls that are left now; null: as many as its pace allows. */
  readonly callsLeft: number | null;
}

/** Share of an hour's slots that a plan counts on: the others are taken by work that somebody waits for. */
const SLOT_SHARE = 0.5;
/** The day is kept in whole hours, and the present one counts too: 25 of them share the allowance. */
const HOURS_OF_WINDOW = 25;
/** A product is fetched again at 22 to 23 hours of age, so a day takes a little more than one call for each. */
const FETCHES_PER_DAY = 24 / 22;

/** Calls of an hour that a plan counts on, by the pace alone. */
export const callsPerHour = ({ callsPerSecond }: RefreshSupply): number =>
  Math.floor(callsPerSecond * 3_600 * SLOT_SHARE);

/** Products that the refresh can fetch in a day. */
export const productsPerDay = (supply: RefreshSupply): number =>
  Math.floor(Math.min(supply.callsPerDay ?? Number.POSITIVE_INFINITY, callsPerHour(supply) * 24)) * supply.idsPerCall;

/**
 * Most calls of this hour's plan. While the day carries all products, an hour may use all that is left of it; else each hour
 * gets its part, so that the hour of the day at which a product ends does not decide whether it is fetched.
 * @param products that the refresh keeps
 */
export const callsThisHour = (supply: RefreshSupply, products: number): number => {
  const { callsPerDay, callsLeft, idsPerCall } = supply;
  const most = Math.min(callsPerHour(supply), Math.max(0, callsLeft ?? Number.POSITIVE_INFINITY));
  if (callsPerDay === null) return most;
  const perHour = Math.ceil(callsPerDay / HOURS_OF_WINDOW);
  const isEnough = (products / idsPerCall) * FETCHES_PER_DAY <= perHour * 24;
  return isEnough ? most : Math.min(most, perHour);
};
