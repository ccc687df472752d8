import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/dispatch-batches/env.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";
import { dispatchEnvironment, grantDispatch } from "./dispatching.ts";

/** `dispatch-batches`: keeps the window of work in flight full. */
export class DispatchBatchesFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, context: FunctionContext) {
    const { config, alarms, data } = context;
    super(scope, id, {
      config,
      alarms,
      room: "dispatch-batches",
      envSchema: EnvSchema,
      timeoutSeconds: config.function_timeout_seconds,
      impact: "Runs larger than the window start late: only settling batches still send new ones.",
      environment: {
        ...dispatchEnvironment(context),
      },
    });
    grantDispatch(this, context);
    data.bucket.grantRead(this, "catalogs");
  }
}
