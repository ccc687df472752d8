import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Connection } from "./connection.ts";
import type { ApiStage } from "./events.ts";
import type { MayManage } from "./may-manage.ts";
import { MAX_PAYLOAD_BYTES } from "./quotas.ts";

/** Longer than any client keeps an idle connection. */
const KEEP_ALIVE_MS = 120_000;

/** Undefined: more than a message may have. */
const bodyOf = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    bytes += part.length;
    if (bytes <= MAX_PAYLOAD_BYTES) parts.push(part);
  }
  return bytes <= MAX_PAYLOAD_BYTES ? Buffer.concat(parts) : undefined;
};

const answer = (response: ServerResponse, status: number, body?: unknown, errorType?: string): void => {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
  });
  response.end(text);
};

const refuse = (response: ServerResponse, status: number, errorType: string, message = errorType): void =>
  answer(response, status, { message }, errorType);

const inSeconds = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString();

const report = ({ client, lastActiveAtMs }: Connection) => ({
  connectedAt: inSeconds(client.connectedAtMs),
  identity: { sourceIp: client.sourceIp, userAgent: client.userAgent },
  lastActiveAt: inSeconds(lastActiveAtMs),
});

/** Path before the ids of connections; the same as the emulator's, because signatures cover it. */
export const connectionsPath = ({ apiId, stage }: ApiStage): string => `/_aws/execute-api/${apiId}/${stage}`;

/**
 * The `@connections` API: functions write to connections, read and close them.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export const createConnectionsApi = (
  api: ApiStage,
  connections: ReadonlyMap<string, Connection>,
  mayManage: MayManage,
): Server => {
  const prefix = `${connectionsPath(api)}/@connections/`;
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(incoming.url ?? "");
    const body = await bodyOf(incoming);
    if (!path.startsWith(prefix)) return refuse(response, 404, "NotFoundException");
    if (body === undefined) return refuse(response, 413, "PayloadTooLargeException");
    if (!(await mayManage(incoming, body))) return refuse(response, 403, "ForbiddenException", "Forbidden");
    const connection = connections.get(path.slice(prefix.length));
    if (!connection?.isOpen) return refuse(response, 410, "GoneException");
    switch (incoming.method) {
      case "POST":
        if (connection.send(body.toString("utf8"))) return answer(response, 200);
        return refuse(response, 429, "LimitExceededException");
      case "GET":
        return answer(response, 200, report(connection));
      case "DELETE":
        connection.close();
        return answer(response, 204);
      default:
        return refuse(response, 403, "ForbiddenException", "Forbidden");
    }
  };
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
};
