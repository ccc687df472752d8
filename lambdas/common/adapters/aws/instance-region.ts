import { PRICES_OF } from "../../core/cost/list-prices.ts";

/** The region that this function runs in, by which its use is priced. */
export const instanceRegion: string = process.env.AWS_REGION ?? PRICES_OF.region;
