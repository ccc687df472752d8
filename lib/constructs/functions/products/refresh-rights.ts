import type { QueueWithDlq } from "../../queues/queue-with-dlq.ts";
import type { EnvSchemaLike } from "../../service-environment.ts";
import type { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";

/** What the functions of the daily refresh are built from. */
export interface RefreshContext extends FunctionContext {
  /** Planned calls. */
  readonly refreshQueue: QueueWithDlq;
}

/** Lets a function plan the daily refresh: read times and counts of products, write jobs and send their messages. */
export const grantPlanRefresh = <Schema extends EnvSchemaLike>(
  target: ServiceFunction<Schema>,
  { data, refreshQueue }: Pick<RefreshContext, "data" | "refreshQueue">,
): void => {
  data.products.grant(target, ["BatchGetItem"]);
  data.products.grantQuery(target, "refresh-bucket");
  data.contentEnds.grant(target, ["Query"]);
  data.refreshDemand.grant(target, ["BatchGetItem"]);
  data.refreshJobs.grant(target, ["GetItem", "PutItem", "Query", "UpdateItem"]);
  refreshQueue.grantSend(target);
};
