import { ProductKeys } from "../../../adapters/dynamodb/products/product-keys.ts";
import { RefreshStates } from "../../../adapters/dynamodb/products/refresh-states.ts";
import { RefreshDemand } from "../../../adapters/dynamodb/refresh-demand/refresh-demand.ts";
import { RefreshJobStore } from "../../../adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { RefreshPlanStore } from "../../../adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import { RefreshQueue } from "../../../adapters/sqs/refresh-queue.ts";
import type { PlanDeps } from "../../refresh/plan-deps.ts";
import type { Clients } from "../clients.ts";
import { buildLicences } from "./licences.ts";
import type { ProductReaderEnv } from "./product-store.ts";

/** Environment that planning takes. */
export interface RefreshPlannerEnv extends ProductReaderEnv {
  readonly REFRESH_JOBS_TABLE_NAME: string;
  readonly REFRESH_DEMAND_TABLE_NAME: string;
  readonly REFRESH_QUEUE_URL: string;
}

/** Builds what planning reads and writes. */
export const buildRefreshPlanner = (
  env: RefreshPlannerEnv,
  parts: Pick<Clients, "documents" | "sqs"> & Pick<PlanDeps, "clock" | "newId" | "log" | "readSourceStatuses">,
): PlanDeps & { readonly jobs: RefreshJobStore } => {
  const { documents, sqs, ...context } = parts;
  const { licences, ends } = buildLicences(env, { documents, clock: context.clock });
  return {
    ...context,
    keys: new ProductKeys(documents, env.PRODUCTS_TABLE_NAME),
    ends,
    states: new RefreshStates(documents, env.PRODUCTS_TABLE_NAME, { licences, clock: context.clock }),
    demand: new RefreshDemand(documents, env.REFRESH_DEMAND_TABLE_NAME),
    jobs: new RefreshJobStore(documents, env.REFRESH_JOBS_TABLE_NAME, context.log),
    plans: new RefreshPlanStore(documents, env.REFRESH_JOBS_TABLE_NAME),
    queue: new RefreshQueue(sqs, env.REFRESH_QUEUE_URL),
  };
};
