import type { EnvSchemaLike } from "../../service-environment.ts";
import type { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";

/** Lets a function plan the daily refresh: read times and counts of products, write jobs and send their messages. */
export const grantPlanRefresh = <Schema extends EnvSchemaLike>(
  target: ServiceFunction<Schema>,
  { data, queues }: Pick<FunctionContext, "data" | "queues">,
): void => {
  data.products.grant(target, ["BatchGetItem"]);
  data.products.grantQuery(target, "refresh-bucket");
  data.contentEnds.grant(target, ["Query"]);
  data.refreshDemand.grant(target, ["BatchGetItem"]);
  data.refreshJobs.grant(target, ["GetItem", "PutItem", "Query", "UpdateItem"]);
  queues.refresh.grantSend(target);
};
