import { type IncomingMessage, request } from "node:http";

/** Whether a caller may do to a connection what it asks for. */
export type MayManage = (incoming: IncomingMessage, body: Buffer) => Promise<boolean>;

/** An answer of the emulator counts so long, milliseconds: rights of a local stack change with a deploy. */
const VALID_MS = 60_000;

/**
 * Asks the emulator, which checks signature and rights before it looks for the connection. It has none of ours, so nothing
 * but its refusal is of interest. For one caller and method it is asked once a minute.
 */
export const askEmulator = (emulatorUrl: string, now: () => number): MayManage => {
  const emulator = new URL(emulatorUrl);
  const ask = (incoming: IncomingMessage, body: Buffer): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const { connection: _connection, "transfer-encoding": _encoding, ...headers } = incoming.headers;
      const { method, url: path } = incoming;
      const outgoing = request(
        // The host stays: addresses are signed for it.
        { host: emulator.hostname, port: emulator.port, method, path, headers, agent: false },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode === 410);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  const asked = new Map<string, { readonly untilMs: number; readonly allowed: Promise<boolean> }>();
  return async (incoming, body) => {
    const caller = /Credential=([^/]+)\//.exec(incoming.headers.authorization ?? "")?.[1];
    // A call that nobody signed is refused or not by the emulator, each time.
    if (caller === undefined) return ask(incoming, body);
    const key = `${caller} ${incoming.method}`;
    const known = asked.get(key);
    if (known && known.untilMs > now()) return known.allowed;
    const allowed = ask(incoming, body);
    asked.set(key, { untilMs: now() + VALID_MS, allowed });
    allowed.then(
      (is) => is || asked.delete(key),
      () => asked.delete(key),
    );
    return allowed;
  };
};
