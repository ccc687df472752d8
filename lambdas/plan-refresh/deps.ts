import { createDocumentClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { Revocations } from "../common/adapters/dynamodb/content-ends/revocations.ts";
import type { Meter } from "../common/platform/metrics.ts";
import type { PlanDeps } from "../common/services/refresh/plan-deps.ts";
import { createReadSourceStatuses } from "../common/services/source-statuses.ts";
import { buildRefreshPlanner } from "../common/services/wiring/refresh-planner.ts";
import { buildSourceAccess } from "../common/services/wiring/sources/source-access.ts";
import { buildWorkerContext } from "../common/services/wiring/worker-context.ts";
import { factsOf } from "../common/sources/registry/known-facts.ts";
import type { Env } from "./env.ts";

/** What `plan-refresh` works with. */
export interface Deps extends PlanDeps {
  readonly meter: Pick<Meter, "gauge" | "flush">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const clients = { documents: createDocumentClient(), sqs: createSqsClient() };
  const { meter, ...context } = buildWorkerContext(env);
  const revocations = new Revocations(clients.documents, env.CONTENT_ENDS_TABLE_NAME, context.clock);
  const access = buildSourceAccess(env, { ...clients, ...context });
  const readSourceStatuses = createReadSourceStatuses({
    ...access,
    settings: env.SOURCES,
    describe: factsOf,
    revoked: () => revocations.revoked(),
    clock: context.clock,
  });
  return { ...buildRefreshPlanner(env, { ...clients, ...context, readSourceStatuses }), meter };
};
