import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { EnvSchema } from "../../../../lambdas/react-to-outcomes/env.ts";
import type { StageBus } from "../../events/stage-bus.ts";
import type { QueueWithDlq } from "../../queues/queue-with-dlq.ts";
import { ServiceFunction } from "../../service-function.ts";
import type { FunctionContext } from "../function-context.ts";

export const REACT_TIMEOUT_SECONDS = 30;

/** What `react-to-outcomes` is built on. */
export interface ReactToOutcomesContext extends Pick<FunctionContext, "config" | "alarms"> {
  readonly bus: StageBus;
  readonly alerts: ITopic;
  /** Where outcomes wait, where the stage asks other systems. */
  readonly queue: QueueWithDlq | undefined;
}

/** `react-to-outcomes`: requests to other systems, and alerts of critical failures. */
export class ReactToOutcomesFunction extends ServiceFunction<typeof EnvSchema> {
  constructor(scope: Construct, id: string, { config, alarms, bus, alerts, queue }: ReactToOutcomesContext) {
    super(scope, id, {
      config,
      alarms,
      room: "react-to-outcomes",
      envSchema: EnvSchema,
      timeoutSeconds: REACT_TIMEOUT_SECONDS,
      impact: "Other systems are not asked for what comes after an enrichment, and critical failures alert nobody.",
      environment: {
        EVENT_BUS_NAME: bus.name,
        ALERT_TOPIC_ARN: alerts.topicArn,
        REACTIONS_QUEUE_URL: queue?.queue.queueUrl ?? "off",
        DOWNSTREAM_EVENTS: config.downstream_events ? "true" : "false",
      },
    });
    if (config.downstream_events) bus.grantPut(this);
    this.allow(["sns:Publish"], alerts.topicArn);
  }
}
