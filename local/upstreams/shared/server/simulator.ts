import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProductSource } from "../products/product-source.ts";
import { type SeededRandom, seededRandom } from "../seeded-random.ts";
import { ArrivalQueue } from "./arrival-queue.ts";
import type { BehaviourState, baseBehaviour, Outage } from "./behaviour.ts";
import { CallLog, type LoggedCall } from "./call-log.ts";
import { type Controlled, startControlServer } from "./control-server.ts";
import { type ListeningServer, startHttpServer, type TlsMaterial } from "./http-server.ts";
import { openingMs, wayMs } from "./network.ts";
import { type Reply, ReplyError, sendReply } from "./reply.ts";

/** What every simulator is started with. */
export interface SimulatorOptions {
  /** @default 0, a free port */
  readonly port?: number;
  /** @default 0, a free port */
  readonly controlPort?: number;
  /** Only where the upstream is offered over TLS too. @default 0, a free port */
  readonly tlsPort?: number;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  readonly products: ProductSource;
  /** For shuffling and random faults. @default "enrichline" */
  readonly seed?: string;
  /** Switches that differ from the defaults from the start, and after every reset. */
  readonly behaviour?: Readonly<Record<string, unknown>>;
  /** Milliseconds by which the clock of the whole stack runs ahead; a simulator's own switch comes on top. @default none */
  readonly stackAheadMs?: () => number;
}

/** A simulator that runs. */
export interface RunningSimulator {
  readonly url: string;
  /** The same upstream over TLS, with a certificate of its own making. */
  readonly tlsUrl?: string;
  readonly controlUrl: string;
  /** Certificate to trust for `tlsUrl`, PEM. */
  readonly certificate?: string;
  close(): Promise<void>;
}

/** One request, before its body is read. */
export interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** Time of arrival on the simulator's clock, epoch milliseconds. */
  readonly atMs: number;
  readonly random: SeededRandom;
  countIds(ids: number): void;
}

/** What differs between simulators. */
export interface SimulatorDefinition<Switches extends BaseSwitches> {
  readonly behaviour: { readonly now: Switches; change(wish: unknown): void; reset(): void };
  /** Says what kind of call a path is, and the operation's name for the log. */
  route(request: IncomingMessage, url: URL): { readonly kind: "api" | "token"; readonly operation: string };
  /**
   * Judges a call by what is known on arrival. It runs before anything else can happen, so that calls are judged
   * in the order of their arrival. Throws ReplyError to refuse.
   */
  admit?(call: Call, kind: "api" | "token"): void;
  /** Answers a call that was let in. May throw ReplyError. */
  answer(call: Call, kind: "api" | "token"): Promise<Reply>;
  /** True where `answer` draws the random errors itself, because it judges calls later. */
  readonly ownErrorRate?: boolean;
  /** The upstream's way to say 5xx. */
  fault(status: number): Reply;
  /** Sends the answer, where it is not plain JSON. */
  readonly send?: (request: IncomingMessage, response: ServerResponse, reply: Reply) => void;
  /** Forgets used limits. */
  resetLimits(): void;
  readonly controlRoutes?: Controlled["routes"];
}

type BaseSwitches = BehaviourState<typeof baseBehaviour>["now"];

const outageReply = <Switches extends BaseSwitches>(
  outage: Outage,
  definition: SimulatorDefinition<Switches>,
): Reply | "hang" | "reset" | null => {
  if (outage === false) return null;
  if (outage === "hang" || outage === "reset") return outage;
  return definition.fault(outage === true ? 503 : outage);
};

/** Milliseconds by which a simulator's clock runs ahead of the machine's. */
export const aheadMs = (
  { stackAheadMs }: Pick<SimulatorOptions, "stackAheadMs">,
  { clock_offset_ms }: Pick<BaseSwitches, "clock_offset_ms">,
): number => clock_offset_ms + (stackAheadMs?.() ?? 0);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs a simulator: one server (two with TLS) that shares one log and one set of limits, and its control routes.
 * Arrival, outage, latency and random errors are handled here; the rest is the definition's.
 */
export const runSimulator = async <Switches extends BaseSwitches>(
  definition: SimulatorDefinition<Switches>,
  options: SimulatorOptions,
  tls?: TlsMaterial,
): Promise<RunningSimulator> => {
  const host = options.host ?? "127.0.0.1";
  const seed = options.seed ?? "enrichline";
  const log = new CallLog();
  let random = seededRandom(seed, "calls");
  let link = seededRandom(seed, "network");
  const arrivals = new ArrivalQueue();
  const { behaviour } = definition;

  const settle = async (
    call: Call,
    kind: "api" | "token",
    response: ServerResponse,
    logged: LoggedCall,
    refusal: Reply | null,
  ): Promise<void> => {
    const reply = refusal ?? (await definition.answer(call, kind));
    if (behaviour.now.latency_ms > 0) await wait(behaviour.now.latency_ms);
    if (response.destroyed) return;
    logged.finish(reply.status);
    if (definition.send) definition.send(call.request, response, reply);
    else sendReply(response, reply);
  };

  const listener = (request: IncomingMessage, response: ServerResponse, sentMs: number): void =>
    arrivals.add(sentMs, wayMs(behaviour.now.network, link), (arrivedMs) =>
      arrive(request, response, sentMs, arrivedMs),
    );

  const arrive = (request: IncomingMessage, response: ServerResponse, sentMs: number, arrivedMs: number): void => {
    const ahead = aheadMs(options, behaviour.now);
    const atMs = arrivedMs + ahead;
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "simulator"}`);
    const { kind, operation } = definition.route(request, url);
    const entry = kind === "token" ? log.arriveToken(atMs) : log.arrive(operation, atMs, sentMs + ahead);
    let open = true;
    const logged: LoggedCall = {
      countIds: (ids) => entry.countIds(ids),
      finish: (status) => {
        if (open) entry.finish(status);
        open = false;
      },
    };
    // A caller that left while its request was on its way gets no answer, but the request arrives and counts.
    if (response.destroyed) logged.finish("aborted");
    response.once("close", () => logged.finish("aborted"));
    const call: Call = { request, url, atMs, random, countIds: (ids) => entry.countIds(ids) };
    const down = outageReply(
      kind === "token" && behaviour.now.outage === false ? behaviour.now.token_outage : behaviour.now.outage,
      definition,
    );
    if (down === "reset") return void request.socket.destroy();
    if (down === "hang") return;
    let refusal = down;
    try {
      if (!refusal) definition.admit?.(call, kind);
      if (!refusal && kind === "api" && !definition.ownErrorRate && random.chance(behaviour.now.error_rate))
        refusal = definition.fault(500);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      refusal = error.reply;
    }
    settle(call, kind, response, logged, refusal).catch((error: unknown) => {
      const reply = error instanceof ReplyError ? error.reply : { status: 500, body: { simulator_bug: String(error) } };
      if (!(error instanceof ReplyError)) console.error(error);
      settle(call, kind, response, logged, reply).catch(() => response.destroy());
    });
  };

  const servers: ListeningServer[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    const opening = { host, openingMs: () => openingMs(behaviour.now.network, link) };
    const plain = await startHttpServer(listener, { port: options.port ?? 0, ...opening });
    servers.push(plain);
    const secure = tls ? await startHttpServer(listener, { port: options.tlsPort ?? 0, ...opening, tls }) : undefined;
    if (secure) servers.push(secure);
    const controlled: Controlled = {
      log,
      behaviour,
      reset: () => {
        behaviour.reset();
        log.clear();
        definition.resetLimits();
        random = seededRandom(seed, "calls");
        link = seededRandom(seed, "network");
      },
      ...(definition.controlRoutes ? { routes: definition.controlRoutes } : {}),
    };
    const control = await startControlServer(controlled, options.controlPort ?? 0, host);
    servers.push(control);
    const name = host === "0.0.0.0" ? "127.0.0.1" : host;
    return {
      url: `http://${name}:${plain.port}`,
      controlUrl: `http://${name}:${control.port}`,
      ...(secure && tls ? { tlsUrl: `https://localhost:${secure.port}`, certificate: tls.cert } : {}),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
};
