import { createLambdaClient } from "../common/adapters/aws/aws-clients.ts";
import { RefreshJobStore } from "../common/adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { RefreshPlanStore } from "../common/adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import { PlanRefreshFunction } from "../common/adapters/functions/plan-refresh-function.ts";
import type { Log } from "../common/platform/logger.ts";
import type { Clients } from "../common/services/wiring/clients.ts";
import type { Env } from "./env.ts";

/** What the routes of the refresh work with. */
export interface RefreshDeps {
  readonly jobs: Pick<RefreshJobStore, "listDay">;
  readonly plans: Pick<RefreshPlanStore, "readBuckets">;
  /** Has the planner plan now. */
  readonly requestPlan: () => Promise<void>;
}

/** Builds them. */
export const buildRefreshDeps = (
  env: Pick<Env, "REFRESH_JOBS_TABLE_NAME" | "PLAN_REFRESH_FUNCTION_NAME">,
  { documents, log }: Pick<Clients, "documents"> & { readonly log: Pick<Log, "error"> },
): RefreshDeps => {
  const planner = new PlanRefreshFunction(createLambdaClient(), env.PLAN_REFRESH_FUNCTION_NAME);
  return {
    jobs: new RefreshJobStore(documents, env.REFRESH_JOBS_TABLE_NAME, log),
    plans: new RefreshPlanStore(documents, env.REFRESH_JOBS_TABLE_NAME),
    requestPlan: () => planner.request(),
  };
};
