import type { IncomingMessage } from "node:http";
import * as z from "zod";
import type { CallLog } from "./call-log.ts";
import { type ListeningServer, startHttpServer } from "./http-server.ts";
import { type Reply, ReplyError, readBody, sendReply } from "./reply.ts";

/** What the control routes act upon. */
export interface Controlled {
  readonly log: CallLog;
  readonly behaviour: { readonly now: unknown; change(wish: unknown): void };
  /** Forgets calls, used limits and changed behaviour; tokens stay good. */
  reset(): void;
  /** More routes by `METHOD /path`, such as `POST /revoke-tokens`. */
  readonly routes?: Readonly<Record<string, () => unknown>>;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ReplyError({ status: 400, body: { error: "the body must be a JSON object of switches" } });
  }
};

const changeBehaviour = (controlled: Controlled, text: string): Reply => {
  try {
    controlled.behaviour.change(parseJson(text));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return { status: 400, body: { error: z.prettifyError(error) } };
  }
  return { status: 200, body: controlled.behaviour.now };
};

const answer = async (controlled: Controlled, request: IncomingMessage): Promise<Reply> => {
  const path = new URL(request.url ?? "/", "http://control").pathname;
  const route = `${request.method} ${path}`;
  switch (route) {
    case "GET /calls":
      return { status: 200, body: controlled.log.report() };
    case "GET /arrivals":
      return { status: 200, body: controlled.log.arrivals() };
    case "GET /behaviour":
      return { status: 200, body: controlled.behaviour.now };
    case "POST /behaviour":
      return changeBehaviour(controlled, (await readBody(request)).toString("utf8"));
    case "POST /reset":
      controlled.reset();
      return { status: 200, body: { reset: true } };
  }
  const extra = controlled.routes?.[route];
  if (extra) return { status: 200, body: extra() ?? {} };
  const known = [
    "GET /calls",
    "GET /arrivals",
    "GET /behaviour",
    "POST /behaviour",
    "POST /reset",
    ...Object.keys(controlled.routes ?? {}),
  ];
  return { status: 404, body: { error: `no route ${route}; there is ${known.join(", ")}` } };
};

/** Starts the control routes of one simulator on a port of their own, so that they never meet its limits. */
export const startControlServer = (controlled: Controlled, port: number, host: string): Promise<ListeningServer> =>
  startHttpServer(
    (request, response) => {
      answer(controlled, request)
        .catch((error: unknown): Reply => {
          if (error instanceof ReplyError) return error.reply;
          return { status: 500, body: { error: String(error) } };
        })
        .then((reply) => sendReply(response, reply));
    },
    { port, host },
  );
