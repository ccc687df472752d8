import type * as z from "zod";
import { createLambdaClient } from "../common/adapters/aws/aws-clients.ts";
import { RefreshJobStore } from "../common/adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { RefreshPlanStore } from "../common/adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import { AskedFunction } from "../common/adapters/functions/asked-function.ts";
import type { PlanRequestSchema } from "../common/core/refresh/plan-request.ts";
import { refreshOff } from "../common/core/refresh/refresh-off.ts";
import type { Log } from "../common/platform/logger.ts";
import type { Clients } from "../common/services/wiring/clients.ts";
import type { Env } from "./env.ts";

/** What the routes of the refresh work with. */
export interface RefreshDeps {
  readonly jobs: Pick<RefreshJobStore, "listDay">;
  readonly plans: Pick<RefreshPlanStore, "readBuckets">;
  /** Has the planner plan now. @throws ConflictError `refresh_off` */
  readonly requestPlan: () => Promise<void>;
  /** @throws ConflictError `refresh_off` where the stage has no daily refresh */
  readonly require: () => void;
}

/** Builds them. */
export const buildRefreshDeps = (
  env: Pick<Env, "REFRESH_JOBS_TABLE_NAME" | "PLAN_REFRESH_FUNCTION_NAME">,
  { documents, log }: Pick<Clients, "documents"> & { readonly log: Pick<Log, "error"> },
): RefreshDeps => {
  const name = env.PLAN_REFRESH_FUNCTION_NAME;
  const planner =
    name === "off"
      ? undefined
      : new AskedFunction<z.input<typeof PlanRequestSchema>>(
          createLambdaClient(),
          name,
          "calling the planner of the refresh",
        );
  return {
    jobs: new RefreshJobStore(documents, env.REFRESH_JOBS_TABLE_NAME, log),
    plans: new RefreshPlanStore(documents, env.REFRESH_JOBS_TABLE_NAME),
    requestPlan: async () => {
      if (!planner) throw refreshOff();
      await planner.request({ by: "person" });
    },
    require: () => {
      if (!planner) throw refreshOff();
    },
  };
};
