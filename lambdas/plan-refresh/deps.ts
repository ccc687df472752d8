import { createDocumentClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import type { Meter } from "../common/platform/metrics.ts";
import type { PlanDeps } from "../common/services/refresh/plan-deps.ts";
import { buildLicences } from "../common/services/wiring/products/licences.ts";
import { buildRefreshPlanner } from "../common/services/wiring/products/refresh-planner.ts";
import { buildSourceStatuses } from "../common/services/wiring/sources/source-statuses.ts";
import { buildWorkerContext } from "../common/services/wiring/worker-context.ts";
import { factsOf } from "../common/sources/registry/known-facts.ts";
import type { Env } from "./env.ts";

/** What `plan-refresh` works with. */
export interface Deps extends PlanDeps {
  readonly meter: Pick<Meter, "count" | "gauge" | "flush">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const clients = { documents: createDocumentClient(), sqs: createSqsClient() };
  const { meter, ...context } = buildWorkerContext(env);
  const { licences, ends, revoked } = buildLicences(env, { ...clients, clock: context.clock });
  const { readSourceStatuses } = buildSourceStatuses(env, { ...clients, ...context, revoked, describe: factsOf });
  return { ...buildRefreshPlanner(env, { ...clients, ...context, licences, ends, readSourceStatuses }), meter };
};
