import { createServer } from "node:net";

/** The two addresses by which programs on this machine say "localhost". */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

const tryListen = (port: number, host: string): Promise<number | "taken" | "no-such-address"> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve("taken");
      else if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve("no-such-address");
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === "object" && address ? address.port : port;
      server.close(() => resolve(found));
    });
  });

/** Says whether nothing on this machine listens on `port`, by IPv4 or IPv6. */
export const isPortFree = async (port: number): Promise<boolean> => {
  const answers = await Promise.all(LOOPBACK.map((host) => tryListen(port, host)));
  return !answers.includes("taken");
};

/** A port on which nothing listens now. Another program may still take it first, so be ready to ask again. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = await tryListen(0, "127.0.0.1");
    if (typeof port !== "number") throw new Error("this machine gives no free port on 127.0.0.1");
    if (await isPortFree(port)) return port;
  }
};

/**
 * `usual` when it is free, else any free port.
 * @param usual 1 to 65,535; 0 asks for a free one at once.
 */
export const usualOrFreePort = async (usual: number): Promise<number> =>
  usual !== 0 && (await isPortFree(usual)) ? usual : freePort();
