import { createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { AlertTopic, createTopicClient } from "../common/adapters/events/alert-topic.ts";
import { EventBus } from "../common/adapters/events/event-bus.ts";
import { createEventsClient } from "../common/adapters/events/events-client.ts";
import { SqsConsumedQueue } from "../common/adapters/sqs/sqs-consumed-queue.ts";
import type { ConsumedQueue } from "../common/platform/sqs/consumed-queue.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `react-to-outcomes` works with. */
export interface Deps extends Pick<WorkerContext, "log" | "meter"> {
  /** The queue that this function reads, where it reads one. */
  readonly queue?: ConsumedQueue | undefined;
  readonly bus: Pick<EventBus, "publish">;
  readonly alerts: Pick<AlertTopic, "alert">;
  /** Whether requests for other systems are put on the bus. */
  readonly isDownstreamOn: boolean;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const { log, meter } = buildWorkerContext(env);
  const { REACTIONS_QUEUE_URL: url } = env;
  return {
    queue: url === "off" ? undefined : new SqsConsumedQueue(createSqsClient(), url),
    bus: new EventBus({ client: createEventsClient(), busName: env.EVENT_BUS_NAME, log, meter }),
    alerts: new AlertTopic(createTopicClient(), env.ALERT_TOPIC_ARN),
    isDownstreamOn: env.DOWNSTREAM_EVENTS,
    ...{ log, meter },
  };
};
