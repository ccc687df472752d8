import { AlertTopic, createTopicClient } from "../common/adapters/events/alert-topic.ts";
import { EventBus } from "../common/adapters/events/event-bus.ts";
import { createEventsClient } from "../common/adapters/events/events-client.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `react-to-outcomes` works with. */
export interface Deps extends Pick<WorkerContext, "log" | "meter"> {
  readonly bus: Pick<EventBus, "publish">;
  readonly alerts: Pick<AlertTopic, "alert">;
  /** Whether requests for other systems are put on the bus. */
  readonly isDownstreamOn: boolean;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const { log, meter } = buildWorkerContext(env);
  return {
    bus: new EventBus({ client: createEventsClient(), busName: env.EVENT_BUS_NAME, log, meter }),
    alerts: new AlertTopic(createTopicClient(), env.ALERT_TOPIC_ARN),
    isDownstreamOn: env.DOWNSTREAM_EVENTS,
    ...{ log, meter },
  };
};
