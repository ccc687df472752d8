import { METRICS } from "../common/core/metric-names.ts";
import type { Answer, ConnectionEvent } from "./connection-event.ts";
import type { Deps } from "./deps.ts";

const OPENED: Answer = { statusCode: 200 };
const REFUSED: Answer = { statusCode: 403 };

/** API Gateway passes header names on as they were sent. */
const originOf = (headers: ConnectionEvent["headers"]): string | undefined =>
  Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "origin")?.[1];

/**
 * Opens a connection. A browser always names the page's origin, which must be one that the stage allows; another client names
 * none. A ticket is used up here, and makes its user the connection's; without one only sellers can be listened to.
 */
export const connect = async (
  deps: Pick<Deps, "allowedOrigins" | "tickets" | "connections" | "owners" | "clock" | "log" | "meter">,
  event: ConnectionEvent,
): Promise<Answer> => {
  const origin = originOf(event.headers);
  if (origin !== undefined && !deps.allowedOrigins.includes(origin)) {
    deps.log.info("connection refused: its page's origin is not allowed", { origin: origin.slice(0, 200) });
    return REFUSED;
  }
  const ticket = event.queryStringParameters?.ticket;
  const { connectionId } = event.requestContext;
  try {
    const userId = ticket === undefined ? undefined : await deps.tickets.take(ticket, deps.clock.now());
    if (ticket !== undefined && userId === undefined) {
      deps.log.info("connection refused: its ticket was used, is over or was never given out");
      return REFUSED;
    }
    if (userId !== undefined && !(await deps.owners.isPresent({ userId }))) {
      deps.log.info("connection refused: the user of its ticket is gone", { user_id: userId });
      return REFUSED;
    }
    await deps.connections.open(connectionId, userId, deps.clock.now());
    return OPENED;
  } catch (error) {
    deps.meter.count(METRICS.WEB_SOCKET_ERRORS, 1);
    throw error;
  }
};
