import * as z from "zod";
import { startHttpServer } from "../upstreams/shared/server/http-server.ts";
import { type Reply, ReplyError, readBody, sendReply } from "../upstreams/shared/server/reply.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { type FaultSettings, FaultSettingsSchema, troublesOf } from "./fault-settings.ts";
import { Seeded } from "./seeded.ts";

/** The layer between functions and the emulator, as it runs. */
export interface FaultLayer {
  readonly proxy: FaultProxy;
  /** What functions take for AWS. */
  readonly url: string;
  /** Where it is switched: `GET /faults`, `POST /faults` and `POST /reset`. */
  readonly controlUrl: string;
  /** Changes the named switches. @throws z.ZodError naming each that is unknown or wrong; nothing is changed then */
  change(wish: unknown): void;
  /** Safe to call twice. */
  stop(): Promise<void>;
}

const WishSchema = z.record(z.string(), z.unknown());
const ROUTES = ["GET /faults", "POST /faults", "POST /reset"];

/** Starts the layer on two free ports of 127.0.0.1, without any trouble. */
export const startFaultLayer = async (emulatorUrl: string): Promise<FaultLayer> => {
  const proxy = new FaultProxy(emulatorUrl);
  let settings: FaultSettings = FaultSettingsSchema.parse({});
  let ends: (() => void)[] = [];
  const apply = (next: FaultSettings): void => {
    for (const end of ends) end();
    settings = next;
    proxy.pageBytes = next.page_bytes;
    proxy.drawBy(new Seeded(next.seed));
    ends = troublesOf(next).map((trouble) => proxy.begin(trouble));
  };
  const change = (wish: unknown): void => apply(FaultSettingsSchema.parse({ ...settings, ...WishSchema.parse(wish) }));
  const report = () => ({
    settings,
    troubles: proxy.tallies.report(),
    calls: Object.fromEntries(proxy.calls),
  });
  const answer = (route: string, body: string): Reply => {
    switch (route) {
      case "GET /faults":
        return { status: 200, body: report() };
      case "POST /faults":
        change(readJson(body));
        return { status: 200, body: report() };
      case "POST /reset":
        apply(FaultSettingsSchema.parse({}));
        proxy.tallies.clear();
        proxy.calls.clear();
        return { status: 200, body: report() };
      default:
        return { status: 404, body: { error: `no route ${route}; there is ${ROUTES.join(", ")}` } };
    }
  };
  const url = await proxy.start();
  const control = await startHttpServer(
    (request, response) => {
      readBody(request)
        .then((body) => answer(`${request.method} ${request.url}`, body.toString("utf8")))
        .catch((error: unknown): Reply => {
          if (error instanceof ReplyError) return error.reply;
          if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
          return { status: 500, body: { error: String(error) } };
        })
        .then((reply) => sendReply(response, reply));
    },
    { port: 0, host: "127.0.0.1" },
  );
  let stopping: Promise<unknown> | undefined;
  return {
    proxy,
    url,
    controlUrl: `http://127.0.0.1:${control.port}`,
    change,
    stop: async () => {
      stopping ??= Promise.all([proxy.stop(), control.close()]);
      await stopping;
    },
  };
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ReplyError({ status: 400, body: { error: "the body must be a JSON object of switches" } });
  }
};
