import { subscribe } from "node:diagnostics_channel";

/** Connections whose times are kept: enough to see a slow one for a while, few enough to forget it. */
const KEPT = 4;

const begun = new WeakMap<object, number[]>();
const times: number[] = [];
let opened = 0;

const connectorOf = (message: unknown): object | undefined => {
  if (typeof message !== "object" || message === null || !("connector" in message)) return undefined;
  const { connector } = message;
  return typeof connector === "function" ? connector : undefined;
};

const begin = (message: unknown): void => {
  const connector = connectorOf(message);
  if (connector) begun.set(connector, [...(begun.get(connector) ?? []), performance.now()]);
};

/** The oldest that is under way is taken for the one that ended, so that times are rather too long than too short. */
const end = (message: unknown): number | undefined => {
  const connector = connectorOf(message);
  return connector && begun.get(connector)?.shift();
};

subscribe("undici:client:beforeConnect", begin);
subscribe("undici:client:connectError", end);
/** The first one of a process waits for code that is still being loaded, which says nothing of those that follow. */
let isCold = true;

subscribe("undici:client:connected", (message) => {
  const since = end(message);
  if (since === undefined) return;
  opened += 1;
  if (isCold) {
    isCold = false;
    return;
  }
  times.push(performance.now() - since);
  if (times.length > KEPT) times.shift();
});

/**
 * The longest that `fetch` took lately to open a connection (look-up of the name, TCP and TLS), in milliseconds;
 * undefined before the second of the process. Measured by the diagnostics channels of Node's own client.
 */
export const longestConnectMs = (): number | undefined => (times.length === 0 ? undefined : Math.max(...times));

/** Connections that `fetch` has opened in this process; the same before and after a call that found one open. */
export const connectionsOpened = (): number => opened;
