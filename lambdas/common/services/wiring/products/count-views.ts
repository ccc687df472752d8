import { RefreshDemand } from "../../../adapters/dynamodb/refresh-demand/refresh-demand.ts";
import { type CountViews, createCountViews, type ViewDeps } from "../../refresh/count-views.ts";
import type { Clients } from "../clients.ts";

/** Environment that the counter of views takes. */
export interface CountViewsEnv {
  readonly REFRESH_DEMAND_TABLE_NAME: string;
}

/** Builds the counter of views of one instance. @param oneIn see `createCountViews` */
export const buildCountViews = (
  env: CountViewsEnv,
  { documents, clock, log }: Pick<Clients, "documents"> & Pick<ViewDeps, "clock" | "log">,
  oneIn = 1,
): CountViews => {
  const demand = new RefreshDemand(documents, env.REFRESH_DEMAND_TABLE_NAME);
  return createCountViews({ demand, clock, log }, oneIn);
};
