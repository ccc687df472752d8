import { ShopOverrides } from "../../../adapters/dynamodb/marketplaces/shop-overrides.ts";
import { ProductKeys } from "../../../adapters/dynamodb/products/product-keys.ts";
import { RefreshStates } from "../../../adapters/dynamodb/products/refresh-states.ts";
import { RefreshDemand } from "../../../adapters/dynamodb/refresh-demand/refresh-demand.ts";
import { RefreshJobStore } from "../../../adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { RefreshPlanStore } from "../../../adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import { RefreshQueue } from "../../../adapters/sqs/refresh-queue.ts";
import type { PlanDeps } from "../../refresh/plan-deps.ts";
import type { Clients } from "../clients.ts";
import type { Licences } from "./licences.ts";

/** Environment that planning takes. */
export interface RefreshPlannerEnv {
  readonly PRODUCTS_TABLE_NAME: string;
  /** What operators set for shops. */
  readonly MARKETPLACES_TABLE_NAME: string;
  readonly REFRESH_JOBS_TABLE_NAME: string;
  readonly REFRESH_DEMAND_TABLE_NAME: string;
  readonly REFRESH_QUEUE_URL: string;
}

/** What planning is built on. */
export interface RefreshPlannerParts
  extends Pick<Clients, "documents" | "sqs">,
    Pick<Licences, "licences" | "ends">,
    Pick<PlanDeps, "clock" | "newId" | "log" | "readSourceStatuses"> {}

/** Builds what planning reads and writes. The licences come as a part: each instance reads revocations through one cache. */
export const buildRefreshPlanner = (
  env: RefreshPlannerEnv,
  { documents, sqs, licences, ends, ...context }: RefreshPlannerParts,
): PlanDeps & { readonly jobs: RefreshJobStore } => {
  const overrides = new ShopOverrides(documents, env.MARKETPLACES_TABLE_NAME, context.clock);
  return {
    ...context,
    shops: () => overrides.settings(),
    keys: new ProductKeys(documents, env.PRODUCTS_TABLE_NAME),
    ends,
    states: new RefreshStates(documents, env.PRODUCTS_TABLE_NAME, { licences, clock: context.clock }),
    demand: new RefreshDemand(documents, env.REFRESH_DEMAND_TABLE_NAME),
    jobs: new RefreshJobStore(documents, env.REFRESH_JOBS_TABLE_NAME, context.log),
    plans: new RefreshPlanStore(documents, env.REFRESH_JOBS_TABLE_NAME),
    queue: new RefreshQueue(sqs, env.REFRESH_QUEUE_URL),
  };
};
