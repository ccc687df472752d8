import * as z from "zod";
import { METRICS } from "../common/core/metric-names.ts";
import { countScheduledCall } from "../common/platform/scheduled-call.ts";
import { closeOfGone } from "./close-of-gone.ts";
import { connect } from "./connect.ts";
import { type Answer, type ConnectionEvent, ConnectionEventSchema } from "./connection-event.ts";
import type { Deps } from "./deps.ts";
import { answerMessage } from "./messages/answer-message.ts";

/** An event of the schedule has no connection. */
const EventSchema = z.union([ConnectionEventSchema, z.object({ requestContext: z.undefined().optional() })]);

const OK: Answer = { statusCode: 200 };

/**
 * Answers what happens on WebSocket connections, and counts them when the schedule calls, once a minute. It then
 * closes those whose users are gone.
 * @throws TransientError when a connection cannot be noted or counted now: API Gateway then refuses it, and its client tries again
 */
export const createHandler =
  (deps: Deps) =>
  async (raw: unknown): Promise<Answer> => {
    try {
      const event = EventSchema.parse(raw);
      if (!event.requestContext) {
        countScheduledCall(deps.meter);
        const nowMs = deps.clock.now();
        const { stats, ofUsers, listened } = await deps.census.count(nowMs);
        deps.meter.gauge(METRICS.WEB_SOCKET_CONNECTIONS, stats.connections);
        await closeOfGone(deps, ofUsers);
        await deps.listened.vouch(listened, nowMs);
        return OK;
      }
      return await onConnection(deps, event);
    } finally {
      deps.meter.flush();
    }
  };

const onConnection = async (deps: Deps, event: ConnectionEvent): Promise<Answer> => {
  const { connectionId, eventType, requestId } = event.requestContext;
  return deps.log.during({ connection_id: connectionId, correlation_id: requestId }, async () => {
    if (eventType === "CONNECT") return connect(deps, event);
    if (eventType === "DISCONNECT") await deps.connections.close(connectionId);
    else await answerMessage(deps, connectionId, event.body ?? "");
    return OK;
  });
};
