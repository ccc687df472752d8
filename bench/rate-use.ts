import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  BillingMode,
  CreateTableCommand,
  DynamoDBClient,
  KeyType,
  ScalarAttributeType,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import { LimitItemSchema } from "../lambdas/common/core/limiter/limit-item.ts";
import { clientConfig, emulatorEnvironment } from "../local/aws-environment.ts";
import { startEmulator } from "../local/emulator/start-emulator.ts";
import { startCreatorsApiSimulator } from "../local/upstreams/creators-api/server.ts";
import { LOCAL_CREDENTIALS } from "../local/upstreams/local-credentials.ts";
import { createProductSource } from "../local/upstreams/shared/products/product-source.ts";
import { bundle } from "./shared/bundle.ts";
import { Report } from "./shared/report.ts";
import { stopOnSignal } from "./shared/stop-on-signal.ts";

/*
 * How much of the allowed upstream rate ten workers use, and how often they break it:
 * `node bench/rate-use.ts --calls 300 --workers 10`. Three ways at the same time, each with processes of its own and a
 * strict simulator of its own:
 *   limiter   the product's own chain and client, with its limiter shared through DynamoDB (on the emulator)
 *   throttle  each worker keeps the account's rate by itself and knows nothing of the others
 *   delay     each worker waits a fixed time after each call, so long that all together would keep the rate
 */

const WAYS = ["limiter", "throttle", "delay"] as const;
type Way = (typeof WAYS)[number];
const RATE = 1;
const LATENCY_MS = 150;
const TABLE = "upstream-limits";

const TokenSchema = z.object({ access_token: z.string() });
const CallsSchema = z.object({
  total: z.number(),
  by_status: z.record(z.string(), z.number()),
  max_calls_in_any_second: z.number(),
  first_at: z.string().nullable(),
  last_at: z.string().nullable(),
});
const WorkSchema = z.object({
  way: z.enum(WAYS),
  url: z.string(),
  workers: z.number(),
  index: z.number(),
  /** Address of the bundle. */
  product: z.string(),
});
type Work = z.infer<typeof WorkSchema>;

const signIn = async (url: string): Promise<string> => {
  const { client_id, client_secret } = LOCAL_CREDENTIALS["creators-api"];
  const response = await fetch(`${url}/auth/o2/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id,
      client_secret,
      scope: "creatorsapi::default",
    }),
  });
  return TokenSchema.parse(await response.json()).access_token;
};

const callUpstream = async (url: string, token: string): Promise<number> => {
  const response = await fetch(`${url}/catalog/v1/getItems`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-marketplace": "www.amazon.com",
    },
    body: JSON.stringify({
      itemIds: ["B0BENCH001"],
      itemIdType: "ASIN",
      marketplace: "www.amazon.com",
      partnerTag: LOCAL_CREDENTIALS["creators-api"].partner_tags["www.amazon.com"],
      resources: ["itemInfo.title"],
    }),
  });
  await response.text();
  return response.status;
};

/** Enriches ten products; gives the time (epoch ms) at which to come back when no slot was available. */
type EnrichTen = (asins: readonly string[]) => Promise<{ readonly retryAtMs: number | null }>;
const ProductSchema = z.object({
  createEnrichTen: z.custom<(options: { table: string; url: string; rate: number; secret: unknown }) => EnrichTen>(
    (value) => typeof value === "function",
  ),
});

/** What a bundle of the product's own parts is made from: chain, Creators API client, limiter on DynamoDB. */
const PRODUCT = `
  import { createDocumentClient } from "./lambdas/common/adapters/aws/aws-clients.ts";
  import { newId } from "./lambdas/common/platform/new-id.ts";
  import { systemClock as clock } from "./lambdas/common/platform/system-clock.ts";
  import { buildRateLimiter } from "./lambdas/common/services/wiring/rate-limiter.ts";
  import { HORIZON_MS } from "./lambdas/common/sources/chain/chain-request.ts";
  import { enrichProducts } from "./lambdas/common/sources/chain/enrich-products.ts";
  import { descriptor } from "./lambdas/common/sources/creators-api/descriptor.ts";
  export const createEnrichTen = ({ table, url, rate, secret }) => {
    const kept = new Map();
    const tokens = {
      get: async (key) => kept.get(key), put: async (key, token) => void kept.set(key, token), drop: async (key) => void kept.delete(key),
    };
    const endpoints = { api: url, token: url + "/auth/o2/token" };
    const client = descriptor.create({ secret, secretVersion: "1", endpoints, clock, tokens, fetch });
    const limit = { limitKey: "creators-api#bench", callsPerSecond: rate, unitsPerDay: null, allowanceShare: 1 };
    const parts = { documents: createDocumentClient(), clock, newId, log: { warn: () => {} } };
    const limiter = buildRateLimiter({ LIMITS_TABLE_NAME: table }, parts);
    const deps = { sources: [{ descriptor, client, limitFor: () => limit }], limiter, clock, timeoutMs: 30_000 };
    const options = { provider: null, fallback: true, priority: "bulk", horizonMs: HORIZON_MS.bulk };
    return async (asins) => {
      const products = asins.map((asin) => ({ asin, marketplace: "www.amazon.com" }));
      const { outcomes } = await enrichProducts(deps, { products, options });
      const [first] = outcomes.values();
      return { retryAtMs: first?.kind === "wait" ? first.retryAtMs : null };
    };
  };
`;

/** Enriches by the product's own chain and limiter, until the parent ends the process. */
const workByLimiter = async (work: Work): Promise<void> => {
  const { createEnrichTen } = ProductSchema.parse({ ...(await import(work.product)) });
  const secret = LOCAL_CREDENTIALS["creators-api"];
  const enrichTen = createEnrichTen({ table: TABLE, url: work.url, rate: RATE, secret });
  for (let call = 0; ; call += 1) {
    const first = (work.index * 100_000 + call) * 10;
    const { retryAtMs } = await enrichTen(
      Array.from({ length: 10 }, (_, index) => `B0${String(first + index).padStart(8, "0")}`),
    );
    if (retryAtMs !== null) await delay(Math.max(0, retryAtMs - Date.now()));
  }
};

const workByWaiting = async (waitMs: (tookMs: number) => number, call: () => Promise<number>): Promise<void> => {
  for (;;) {
    const began = Date.now();
    await call();
    await delay(waitMs(Date.now() - began));
  }
};

const runWorker = async (work: Work): Promise<void> => {
  // Workers of a real system do not start in the same millisecond.
  await delay((work.index / work.workers) * 1_000);
  if (work.way === "limiter") return workByLimiter(work);
  const token = await signIn(work.url);
  const call = () => callUpstream(work.url, token);
  const interval = 1_000 / RATE;
  if (work.way === "throttle") await workByWaiting((tookMs) => Math.max(0, interval - tookMs), call);
  if (work.way === "delay") await workByWaiting(() => interval * work.workers, call);
};

/** Lets workers of one way call until `isOver` says so of the calls answered. */
const measure = async (
  way: Way,
  workers: number,
  product: string,
  env: NodeJS.ProcessEnv,
  isOver: (answered: number) => boolean,
) => {
  const simulator = await startCreatorsApiSimulator({
    products: createProductSource(),
    behaviour: { calls_per_second: RATE, calls_per_day: 1_000_000, latency_ms: LATENCY_MS },
  });
  const children: ChildProcess[] = Array.from({ length: workers }, (_, index) => {
    const work: Work = { way, url: simulator.url, workers, index, product };
    return fork(import.meta.filename, ["--work", JSON.stringify(work)], { env });
  });
  const killAll = async (): Promise<void> => {
    await Promise.all(
      children
        .filter((child) => child.exitCode === null && child.signalCode === null)
        .map(async (child) => {
          const gone = once(child, "exit");
          child.kill("SIGKILL");
          await gone;
        }),
    );
  };
  const forget = stopOnSignal(killAll);
  try {
    for (;;) {
      const seen = CallsSchema.parse(await (await fetch(`${simulator.controlUrl}/calls`)).json());
      const answered = seen.by_status["200"] ?? 0;
      if (isOver(answered) && seen.first_at && seen.last_at) {
        const elapsed = (Date.parse(seen.last_at) - Date.parse(seen.first_at)) / 1_000;
        const refused = seen.by_status["429"] ?? 0;
        return {
          way,
          "calls answered": answered,
          "refused (429)": refused,
          "share of the rate used": `${((100 * (answered - 1)) / elapsed / RATE).toFixed(1)} %`,
          "refused for each answered": (refused / answered).toFixed(2),
          "most calls in a second": seen.max_calls_in_any_second,
          seconds: elapsed.toFixed(1),
        };
      }
      await delay(200);
    }
  } finally {
    await killAll();
    forget();
    await simulator.close();
  }
};

const runParent = async (calls: number, workers: number): Promise<void> => {
  const report = new Report(
    "rate-use",
    { calls, workers, calls_per_second: RATE, latency_ms: LATENCY_MS },
    values.json,
  );
  const folder = await mkdtemp(join(tmpdir(), "enrichline-bench-"));
  stopOnSignal(() => rm(folder, { recursive: true, force: true }));
  const starting = new AbortController();
  const started = startEmulator({ dir: folder, port: 0, signal: starting.signal });
  stopOnSignal(async () => {
    starting.abort();
    await (await started.catch(() => undefined))?.stop();
  });
  const emulator = await started;
  try {
    const client = new DynamoDBClient(clientConfig(emulator.url));
    await client.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: BillingMode.PAY_PER_REQUEST,
        KeySchema: [{ AttributeName: "limit_key", KeyType: KeyType.HASH }],
        AttributeDefinitions: [{ AttributeName: "limit_key", AttributeType: ScalarAttributeType.S }],
      }),
    );
    const product = await bundle(PRODUCT, join(folder, "product.mjs"));
    const env = emulatorEnvironment(emulator.url);
    // The others continue for exactly as long as the limiter takes.
    let isLimiterDone = false;
    const limiterIsOver = (answered: number): boolean => {
      isLimiterDone ||= answered >= calls;
      return isLimiterDone;
    };
    const table = await Promise.all(
      WAYS.map((way) => measure(way, workers, product, env, way === "limiter" ? limiterIsOver : () => isLimiterDone)),
    );
    const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }));
    client.destroy();
    const item = LimitItemSchema.parse(unmarshall(Items[0] ?? {}));
    report.finish(table, [
      `slots granted: ${item.sequence}, the last of them still to come; guard at the end: ${item.guard_ms} ms`,
      "goal of the limiter: at least 95 % with no call refused",
    ]);
  } finally {
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "300" },
    workers: { type: "string", default: "10" },
    json: { type: "boolean", default: false },
    work: { type: "string" },
  },
});
const count = z.coerce.number().int().positive();
if (values.work !== undefined) await runWorker(WorkSchema.parse(JSON.parse(values.work)));
else await runParent(count.parse(values.calls), count.parse(values.workers));
