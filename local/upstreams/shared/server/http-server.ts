import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

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

const listen = async (server: Server, port: number, host: string): Promise<ListeningServer> => {
  // Longer than any client keeps an idle connection: a server that hangs up first makes clients fail at random.
  server.keepAliveTimeout = 120_000;
  server.headersTimeout = 125_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
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
  options: { readonly port: number; readonly host: string; readonly tls?: TlsMaterial },
): Promise<ListeningServer> => {
  const stamped: RequestListener = (request, response) => listener(request, response, steadyNow());
  const server = options.tls ? createTlsServer({ ...options.tls }, stamped) : createServer(stamped);
  return listen(server as Server, options.port, options.host);
};
