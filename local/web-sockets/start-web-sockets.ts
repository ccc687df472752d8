import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { Connection } from "./connection.ts";
import { ConnectionRate } from "./connection-rate.ts";
import { connectionsPath, createConnectionsApi } from "./connections-api.ts";
import { type ApiStage, type Client, connectEvent, disconnectEvent, messageEvent, newConnectionId } from "./events.ts";
import type { Invoke } from "./invoke-function.ts";
import type { MayManage } from "./may-manage.ts";
import { MAX_PAYLOAD_BYTES, NEW_CONNECTIONS_PER_SECOND } from "./quotas.ts";
import { type Routes, routeOf } from "./read-routes.ts";

/** A request to open a WebSocket, as a server hands it over. */
export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  /** First bytes of the connection, where the client sent some already. */
  readonly head: Buffer;
}

export interface WebSocketOptions {
  readonly api: ApiStage;
  readonly routes: Routes;
  readonly invoke: Invoke;
  readonly mayManage: MayManage;
  /** @default Date.now */
  readonly now?: () => number;
}

/** API Gateway's WebSockets, as they run. */
export interface WebSockets {
  /** Where functions write to connections: what their environment has as the address of connections. */
  readonly connectionsUrl: string;
  open(upgrade: Upgrade): void;
  /** Ends all connections. Safe to call twice. */
  stop(): Promise<void>;
}

const REASONS: Readonly<Record<number, string>> = { 403: "Forbidden", 429: "Too Many Requests", 502: "Bad Gateway" };

const refuse = (socket: Duplex, status: number): void => {
  const reason = REASONS[status] ?? "Refused";
  const body = JSON.stringify({ message: reason });
  const head = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
  if (socket.writable) socket.end(`HTTP/1.1 ${status} ${reason}\r\n${head}\r\n\r\n${body}`);
};

/** Ends a socket that nobody reads yet when its peer hangs up. @returns stops it */
const endWithPeer = (socket: Duplex): (() => void) => {
  // A peer that says nothing is readable only at its end; what it says early is left for the WebSocket.
  const onReadable = (): void => {
    if (socket.readableLength === 0) socket.read();
  };
  const end = (): void => void socket.destroy();
  socket.on("readable", onReadable);
  socket.on("end", end);
  return () => {
    socket.off("readable", onReadable);
    socket.off("end", end);
  };
};

const isGood = (status: number | undefined): boolean => status !== undefined && status >= 200 && status < 300;

/**
 * Holds the WebSockets of a local stack as API Gateway holds those of a deployed one, with the deployed routes and functions: the
 * emulator's own hands all events of all connections to one execution of the function, one after the other.
 */
export const startWebSockets = async (options: WebSocketOptions): Promise<WebSockets> => {
  const { api, routes, invoke, mayManage, now = Date.now } = options;
  const connections = new Map<string, Connection>();
  const rate = new ConnectionRate(NEW_CONNECTIONS_PER_SECOND, now);
  const handshakes = new Set<Duplex>();
  const sockets = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: MAX_PAYLOAD_BYTES });
  const server = createConnectionsApi(api, connections, mayManage);
  let isStopped = false;

  const functionOf = (route: string): string | undefined => routes.functions.get(route);

  const onMessage = async (connection: Connection, text: string): Promise<void> => {
    const route = routeOf(routes, text);
    const event = messageEvent(api, connection.client, route, text);
    const fn = functionOf(route);
    const status = fn === undefined ? undefined : await invoke({ functionArn: fn, kind: "message", event });
    const { connectionId } = connection.client;
    const { requestId } = event.requestContext;
    const message = fn === undefined ? "Forbidden" : "Internal server error";
    if (status === undefined && connections.has(connectionId))
      connection.send(JSON.stringify({ message, connectionId, requestId }));
  };

  const tellEnd = (client: Client, code: number, reason: string): void => {
    const fn = functionOf("$disconnect");
    if (fn === undefined || isStopped) return;
    const event = disconnectEvent(api, client, "$disconnect", code, reason);
    void invoke({ functionArn: fn, kind: "disconnect", event });
  };

  const hold = (client: Client, socket: WebSocket, raw: Duplex): void => {
    const connection = new Connection(client, socket, (listener) => raw.prependListener("data", listener), {
      onMessage: (text) => void onMessage(connection, text),
      onEnd: (code, reason) => {
        connections.delete(client.connectionId);
        tellEnd(client, code, reason);
      },
    });
    connections.set(client.connectionId, connection);
  };

  const open = async ({ incoming, socket, head }: Upgrade): Promise<void> => {
    if (!rate.take()) return refuse(socket, 429);
    const client: Client = {
      connectionId: newConnectionId(),
      connectedAtMs: now(),
      sourceIp: incoming.socket.remoteAddress ?? "",
      userAgent: incoming.headers["user-agent"] ?? "",
    };
    const fn = functionOf("$connect");
    if (fn !== undefined) {
      const stopWatching = endWithPeer(socket);
      const event = connectEvent(api, client, "$connect", incoming);
      const status = await invoke({ functionArn: fn, kind: "connect", event, isWanted: () => !socket.destroyed });
      stopWatching();
      if (!isGood(status)) return refuse(socket, status ?? 502);
    }
    // The function has noted a client that left meanwhile.
    if (socket.destroyed) return tellEnd(client, 1006, "");
    sockets.handleUpgrade(incoming, socket, head, (webSocket) => hold(client, webSocket, socket));
  };

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    connectionsUrl: `http://127.0.0.1:${port}${connectionsPath(api)}`,
    open: (upgrade) => {
      const { socket } = upgrade;
      handshakes.add(socket);
      socket.on("error", () => socket.destroy());
      open(upgrade)
        .catch(() => socket.destroy())
        .finally(() => handshakes.delete(socket));
    },
    stop: async () => {
      isStopped = true;
      for (const socket of handshakes) socket.destroy();
      for (const connection of connections.values()) connection.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
};
