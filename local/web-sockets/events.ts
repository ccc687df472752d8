import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What is known of a client from its handshake. */
export interface Client {
  readonly connectionId: string;
  readonly connectedAtMs: number;
  readonly sourceIp: string;
  readonly userAgent: string;
}

/** The deployed API that a connection belongs to. */
export interface ApiStage {
  readonly apiId: string;
  readonly stage: string;
}

/** As API Gateway makes them: letters, digits and a closing `=`. */
export const newConnectionId = (): string =>
  `${randomBytes(11).toString("base64").replaceAll(/[+/]/g, "x").slice(0, 15)}=`;

type EventType = "CONNECT" | "MESSAGE" | "DISCONNECT";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");
/** `09/Feb/2026:12:30:05 +0000`. */
const clfTime = (at: Date): string => {
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
};

const contextOf = (api: ApiStage, client: Client, eventType: EventType, routeKey: string, requestId: string) => {
  const now = new Date();
  return {
    routeKey,
    eventType,
    extendedRequestId: randomUUID(),
    requestTime: clfTime(now),
    messageDirection: "IN",
    stage: api.stage,
    connectedAt: client.connectedAtMs,
    requestTimeEpoch: now.getTime(),
    identity: { sourceIp: client.sourceIp, userAgent: client.userAgent },
    requestId,
    domainName: `${api.apiId}.execute-api.localhost`,
    connectionId: client.connectionId,
    apiId: api.apiId,
  };
};

const last = (lists: Readonly<Record<string, string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? ""]));

const grouped = (pairs: Iterable<readonly [string, string]>): Record<string, string[]> => {
  const lists: Record<string, string[]> = {};
  for (const [name, value] of pairs) lists[name] = [...(lists[name] ?? []), value];
  return lists;
};

/** Names as they were sent, in any case. */
const headersOf = ({ rawHeaders }: IncomingMessage): Record<string, string[]> =>
  grouped(
    Array.from({ length: rawHeaders.length / 2 }, (_, n) => [rawHeaders[2 * n] ?? "", rawHeaders[2 * n + 1] ?? ""]),
  );

/** What the function of `$connect` gets. */
export const connectEvent = (api: ApiStage, client: Client, routeKey: string, incoming: IncomingMessage) => {
  const headers = headersOf(incoming);
  const query = grouped(new URL(incoming.url ?? "/", "ws://localhost").searchParams);
  const hasQuery = Object.keys(query).length > 0;
  return {
    headers: last(headers),
    multiValueHeaders: headers,
    ...(hasQuery ? { queryStringParameters: last(query), multiValueQueryStringParameters: query } : {}),
    requestContext: contextOf(api, client, "CONNECT", routeKey, randomUUID()),
    isBase64Encoded: false,
  };
};

/** What the function of a message's route gets. */
export const messageEvent = (api: ApiStage, client: Client, routeKey: string, body: string) => {
  const requestId = randomUUID();
  const requestContext = { ...contextOf(api, client, "MESSAGE", routeKey, requestId), messageId: requestId };
  return { requestContext, body, isBase64Encoded: false };
};

/** What the function of `$disconnect` gets. */
export const disconnectEvent = (api: ApiStage, client: Client, routeKey: string, code: number, reason: string) => ({
  requestContext: {
    ...contextOf(api, client, "DISCONNECT", routeKey, randomUUID()),
    disconnectStatusCode: code,
    disconnectReason: reason,
  },
  isBase64Encoded: false,
});
