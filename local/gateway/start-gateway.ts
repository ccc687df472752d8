import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { LocalError } from "../local-error.ts";
import { usualOrFreePort } from "../process/ports.ts";
import type { WebSockets } from "../web-sockets/start-web-sockets.ts";
import { landingPage } from "./landing-page.ts";
import { mapPath } from "./map-path.ts";

/** The port that the product's documents name. */
export const USUAL_GATEWAY_PORT = 8787;
const PORT_ATTEMPTS = 3;
/** Headers of one connection, not of the message (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/** Where requests to the API go. */
export interface GatewayTarget {
  readonly emulatorUrl: string;
  /** Id of the HTTP API. */
  readonly apiId: string;
  /** Who opens what comes to `/live`. */
  readonly webSockets: Pick<WebSockets, "open">;
}

/** The HTTP front door of a local stack. */
export interface Gateway {
  /** `http://localhost:<port>`. */
  readonly url: string;
  /** Lets requests through to the API; until then they get 503. */
  open(target: GatewayTarget): void;
  /** Ends open connections and frees the port. Safe to call twice. */
  stop(): Promise<void>;
}

export interface GatewayOptions {
  /** Taken when it is free, else a free one; 0: a free one. @default 8787 */
  readonly port?: number;
  readonly instanceId: string;
  readonly outputsFile: string;
}

const problem = (response: ServerResponse, status: number, title: string, code: string, detail: string): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ type: "about:blank", title, status, detail, code }));
};

const proxy = (target: GatewayTarget, path: string, incoming: IncomingMessage, response: ServerResponse): void => {
  const emulator = new URL(target.emulatorUrl);
  const headers: NodeJS.Dict<string | string[]> = { ...incoming.headers };
  for (const name of HOP_BY_HOP) delete headers[name];
  headers.host = emulator.host;
  headers["x-forwarded-host"] = incoming.headers.host;
  headers["x-forwarded-proto"] = "http";
  // A body of unknown length stays one on the way on.
  if (incoming.headers["transfer-encoding"]) headers["transfer-encoding"] = incoming.headers["transfer-encoding"];
  const outgoing = request(
    { host: emulator.hostname, port: emulator.port, method: incoming.method, path, headers },
    (answer) => {
      const kept = { ...answer.headers };
      for (const name of HOP_BY_HOP) delete kept[name];
      response.writeHead(answer.statusCode ?? 502, kept);
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    },
  );
  outgoing.on("error", (error) =>
    problem(
      response,
      502,
      "Bad Gateway",
      "emulator_unreachable",
      `The AWS emulator does not answer (${error.message}). Run npm run local:stop, then npm run local.`,
    ),
  );
  response.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
};

const listen = (server: Server, port: number, host: string): Promise<"ok" | "taken" | "no-such-address"> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === "EADDRINUSE") resolve("taken");
      else if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve("no-such-address");
      else reject(error);
    };
    server.once("error", onError);
    server.listen(port, host, () => {
      server.removeListener("error", onError);
      resolve("ok");
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Starts the gateway on `localhost`, by IPv4 and, where the machine has it, IPv6. Bodies are streamed and CORS is left
 * to the API behind it.
 * @throws LocalError when no port can be had.
 */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  let target: GatewayTarget | undefined;
  const listener: RequestListener = (incoming, response) => {
    const route = mapPath(incoming.url ?? "/", target?.apiId ?? "");
    if (route.kind === "page") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(landingPage(options.outputsFile));
    } else if (route.kind === "instance") {
      response.writeHead(200, { "content-type": "text/plain" }).end(options.instanceId);
    } else if (route.kind === "live") {
      response.setHeader("upgrade", "websocket");
      problem(response, 426, "Upgrade Required", "upgrade_required", "Open this address as a WebSocket.");
    } else if (route.kind === "none") {
      problem(response, 404, "Not Found", "not_found", "Nothing is served here. The API is under /api/v1.");
    } else if (target) {
      proxy(target, route.path, incoming, response);
    } else {
      response.setHeader("retry-after", "5");
      problem(response, 503, "Service Unavailable", "starting", "The local stack is still starting.");
    }
  };

  const tunnels = new Set<Duplex>();
  const onUpgrade = (incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const route = mapPath(incoming.url ?? "/", target?.apiId ?? "");
    if (route.kind !== "live" || !target) {
      socket.end(`HTTP/1.1 ${target ? "404 Not Found" : "503 Service Unavailable"}\r\nconnection: close\r\n\r\n`);
      return;
    }
    tunnels.add(socket);
    socket.on("close", () => tunnels.delete(socket));
    target.webSockets.open({ incoming, socket, head });
  };

  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt += 1) {
    const port = await usualOrFreePort(options.port ?? USUAL_GATEWAY_PORT);
    const four = createServer(listener);
    const six = createServer(listener);
    for (const server of [four, six]) server.on("upgrade", onUpgrade);
    const answers = [await listen(four, port, "127.0.0.1"), await listen(six, port, "::1")];
    const servers = [four, six].filter((_, index) => answers[index] === "ok");
    if (answers[0] === "ok" && answers[1] !== "taken") {
      let stopped: Promise<unknown> | undefined;
      return {
        url: `http://localhost:${port}`,
        open: (next) => {
          target = next;
        },
        stop: async () => {
          // A server does not count what it has handed over as its connections.
          for (const tunnel of tunnels) tunnel.destroy();
          stopped ??= Promise.all(servers.map(close));
          await stopped;
        },
      };
    }
    await Promise.all(servers.map(close));
  }
  throw new LocalError("the gateway found no free port on localhost in three attempts: start again");
};
