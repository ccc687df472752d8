import { ConflictError } from "../errors.ts";

/** The refusal of what needs the daily refresh on a stage that has none. */
export const refreshOff = (): ConflictError =>
  new ConflictError(
    "This stage has no daily refresh: products are fetched again by runs, imports and look-ups only. Whoever deploys the stage " +
      'can switch it on: set "daily_refresh": true for it in cdk.json and deploy. It takes two more concurrent functions.',
    "refresh_off",
  );
