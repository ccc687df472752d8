import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";

/** A server that listens. */
export interface ListeningServer {
  readonly port: number;
  /** Ends it at once, open connections too. */
  close(): Promise<void>;
}

/** Key and certificate, PEM. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
}

/** Answers one request; `arrivedMs` is the simulator's first sight of it, in epoch milliseconds with fractions. */
export type ArrivalListener = (request: IncomingMessage, response: ServerResponse, arrivedMs: number) => void;

/** The time on a clock that never jumps back, in epoch milliseconds with fractions. */
export const steadyNow = (): number => performance.timeOrigin + performance.now();

/** Hands connections to the server, each as late as a link takes to open one. Nothing is read from it before. */
const listen = async (
  server: Server,
  { port, host, openingMs = () => 0 }: { port: number; host: string; openingMs?: () => number },
): Promise<ListeningServer> => {
  // Longer than any client keeps an idle connection: a server that hangs up first makes clients fail at random.
  server.keepAliveTimeout = 120_000;
  server.headersTimeout = 125_000;
  const open = new Set<Socket>();
  const front = createTcpServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    // Until the server has it, nobody else hears of its error.
    socket.on("error", () => socket.destroy());
    const hand = (): void => {
      if (socket.destroyed) return;
      server.emit("connection", socket);
      socket.resume();
    };
    const waitMs = openingMs();
    if (waitMs > 0) setTimeout(hand, waitMs);
    else hand();
  });
  await new Promise<void>((resolve, reject) => {
    front.once("error", reject);
    front.listen(port, host, () => {
      front.off("error", reject);
      resolve();
    });
  });
  const address = front.address() as AddressInfo;
  return {
    port: address.port,
    close: () =>
      new Promise((resolve, reject) => {
        front.close((error) => (error ? reject(error) : resolve()));
        for (const socket of open) socket.destroy();
      }),
  };
};

/**
 * Listens on `port` (0: a free one) and stamps every request before anything else is done with it, because the
 * limits are judged by that stamp.
 * @throws the system's error when the port is taken.
 */
export const startHttpServer = (
  listener: ArrivalListener,
  options: {
    readonly port: number;
    readonly host: string;
    readonly tls?: TlsMaterial;
    /** Milliseconds that the next connection takes to open. @default 0 */
    readonly openingMs?: () => number;
  },
): Promise<ListeningServer> => {
  const stamped: RequestListener = (request, response) => listener(request, response, steadyNow());
  const server = options.tls ? createTlsServer({ ...options.tls }, stamped) : createServer(stamped);
  return listen(server as Server, options);
};
