import { ApiKeys } from "../../../lambdas/common/adapters/dynamodb/access/api-keys.ts";
import { noticesOf } from "../../../lambdas/common/core/licences/notices.ts";
import type { Deps } from "../../../lambdas/operations-api/deps.ts";
import { generateOpenApi } from "../../../local/write-openapi.ts";
import { unlimited } from "../../helpers/access/callers.ts";
import { testCursors } from "../../helpers/cursors.ts";
import { ACCESS_TABLE } from "../../helpers/memory/access-table.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { LICENCES } from "../../helpers/rights.ts";
import { sourceStatus } from "../../helpers/source-status.ts";
import { LifecycleWorld } from "../../helpers/worlds/lifecycle/lifecycle-world.ts";

/** 2026-08-01T12:00:00.000Z */
const NOW_MS = Date.UTC(2026, 7, 1, 12);

/** Deps of `operations-api` where everything answers and one source is ready. @param log gets every log message */
export const fakeOperationsDeps = (log: (message: string) => void = () => {}): Deps => ({
  keyCalls: unlimited,
  keys: new ApiKeys(new MemoryDynamo({ access: ACCESS_TABLE }).client(), "access"),
  config: {
    stage: "dev",
    region: "eu-west-1",
    user_pool_id: "eu-west-1_a",
    client_id: "c",
    web_socket_url: "wss://live.invalid/live",
    default_marketplace: "www.amazon.com",
    notices: noticesOf("www.amazon.com"),
    simulated: false,
  },
  openapi: JSON.parse(generateOpenApi()),
  pingDatabase: async () => {},
  pingQueue: async () => {},
  readSourceStatuses: async () => [sourceStatus({ id: "creators-api" })],
  checkSource: async () => undefined,
  readUsage: async () => [],
  readCacheUsage: async () => ({ lookups: 0, hits: 0 }),
  countProducts: async () => 0,
  tickets: { issue: async (userId, nowMs) => ({ ticket: `ticket of ${userId}`, expiresAtMs: nowMs + 60_000 }) },
  census: {
    read: async () => ({ connections: 3, subscriptions: 4, by_seller: { "@tea": 2 }, counted_at: null }),
  },
  shops: { list: async () => [], put: async () => {} },
  cursors: testCursors(),
  refresh: {
    jobs: { listDay: async () => ({ items: [] }) },
    plans: { readBuckets: async () => [] },
    requestPlan: async () => {},
    require: () => {},
  },
  webhooks: {
    endpoints: { list: async () => [], change: async (_userId, change) => change([]) },
    deliveries: {
      create: async () => true,
      get: async () => undefined,
      list: async () => ({ items: [] }),
      reopen: async () => undefined,
    },
    queue: { send: async () => {} },
    seal: { seal: async () => "sealed" },
    allowed: [],
    require: () => {},
  },
  failures: { ...new LifecycleWorld().process().trials, onUnreadable: () => {} },
  licences: {
    book: LICENCES,
    acknowledgements: {},
    enabled: ["creators-api"],
    revocations: {
      list: async () => [],
      get: async () => undefined,
      create: async () => {},
      advance: async () => undefined,
    },
    counts: {
      read: async () => ({ requested_at: null, running: null, last: null, version: 0 }),
      request: async () => {},
    },
    swept: { read: async () => new Map() },
  },
  deadLetters: {
    letters: {
      get: async () => undefined,
      getMany: async () => [],
      body: async () => "",
      list: async () => ({ letters: [], next: null }),
      count: async () => 0,
    },
    jobs: {
      create: async () => {},
      get: async () => undefined,
      list: async () => ({ items: [] }),
      items: async () => ({ items: [] }),
      stop: async () => undefined,
    },
    begin: async () => {},
    consoleRegion: null,
  },
  clock: { now: () => NOW_MS, sleep: async () => {} },
  newId: () => "correlation-1",
  logger: { info: log, warn: log, error: log },
});
