import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { startCreatorsApiSimulator } from "../../local/upstreams/creators-api/server.ts";
import { LOCAL_CREDENTIALS } from "../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../local/upstreams/shared/products/product-source.ts";
import { type Arrival, ArrivalsSchema } from "./arrivals.ts";

/**
 * Ways to keep a rate without a shared limiter. `throttle`: each worker keeps the account's rate by itself and knows nothing
 * of the others. `delay`: each worker waits a fixed time after each call, so long that all together would keep the rate.
 */
export const NAIVE_WAYS = ["throttle", "delay"] as const;
export type NaiveWay = (typeof NAIVE_WAYS)[number];

const TokenSchema = z.object({ access_token: z.string() });
const MARKETPLACE = "www.amazon.com";

/** Posts JSON on a worker's own connections. @returns status and body */
const post = (agent: Agent, url: string, headers: Record<string, string>, body: unknown) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sending = request(url, {
      method: "POST",
      agent,
      headers: { "content-type": "application/json", ...headers },
    });
    sending.once("error", reject);
    sending.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sending.end(JSON.stringify(body));
  });

const signIn = async (agent: Agent, url: string): Promise<string> => {
  const { client_id, client_secret } = LOCAL_CREDENTIALS["creators-api"];
  const wish = { grant_type: "client_credentials", client_id, client_secret, scope: "creatorsapi::default" };
  const { body } = await post(agent, `${url}/auth/o2/token`, {}, wish);
  return TokenSchema.parse(JSON.parse(body)).access_token;
};

const callUpstream = (agent: Agent, url: string, token: string) =>
  post(
    agent,
    `${url}/catalog/v1/getItems`,
    { authorization: `Bearer ${token}`, "x-marketplace": MARKETPLACE },
    {
      itemIds: ["B0BENCH001"],
      itemIdType: "ASIN",
      marketplace: MARKETPLACE,
      partnerTag: LOCAL_CREDENTIALS["creators-api"].partner_tags[MARKETPLACE],
      resources: ["itemInfo.title"],
    },
  );

/** How the workers of a naive way call. */
export interface NaiveWork {
  readonly workers: number;
  /** Calls per second of the account. */
  readonly rate: number;
  /** Switches of the simulator that they call, a strict one of their own. */
  readonly behaviour: Readonly<Record<string, unknown>>;
}

/**
 * Starts workers that call a simulator of their own. Each has connections of its own, as instances of a function have.
 * @returns ends them, with the calls that arrived
 */
export const startNaiveWay = async (way: NaiveWay, work: NaiveWork): Promise<() => Promise<Arrival[]>> => {
  const { workers, rate, behaviour } = work;
  const simulator = await startCreatorsApiSimulator({ products: createProductSource(), behaviour });
  const stopping = new AbortController();
  const intervalMs = 1_000 / rate;
  const pauseMs = (tookMs: number): number =>
    way === "throttle" ? Math.max(0, intervalMs - tookMs) : intervalMs * workers;
  const run = async (worker: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true });
    try {
      // Workers of a real system do not start in the same millisecond.
      await delay((worker / workers) * 1_000, undefined, { signal: stopping.signal });
      const token = await signIn(agent, simulator.url);
      while (!stopping.signal.aborted) {
        const began = performance.now();
        await callUpstream(agent, simulator.url, token);
        await delay(pauseMs(performance.now() - began), undefined, { signal: stopping.signal });
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    } finally {
      agent.destroy();
    }
  };
  const running = Promise.all(Array.from({ length: workers }, (_, worker) => run(worker)));
  // A failure shows when they are ended.
  running.catch(() => undefined);
  return async () => {
    stopping.abort();
    try {
      await running;
      return ArrivalsSchema.parse(await (await fetch(`${simulator.controlUrl}/arrivals`)).json());
    } finally {
      await simulator.close();
    }
  };
};
