import type { ProductOutcome } from "../../../../../lambdas/common/services/enrich/product-outcome.ts";
import { createApp } from "../../../../../lambdas/operations-api/app.ts";
import type { Deps } from "../../../../../lambdas/operations-api/deps.ts";
import { person } from "../../../../helpers/access/callers.ts";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";
import { fakeOperationsDeps } from "../../fake-deps.ts";

export const OWNER = person("user-1");
export const OTHER = person("user-2");
export const OPERATOR = person("op-1", "operators");

const ENRICHED = { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false } as const;
export const failing = (code = "RetriesExhausted"): ProductOutcome["result"] => ({
  ...{ kind: "failed", code, source: "creators-api" },
});

/** Runs on tables in memory, and the API that shows and tries their failures. */
export const failuresWorld = (changes: Partial<Deps> = {}) => {
  const world = new LifecycleWorld(undefined, 100);
  const line = world.process();
  const logs: string[] = [];
  let ids = 0;
  const app = createApp({
    ...fakeOperationsDeps((message) => logs.push(message)),
    clock: world.clock,
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    failures: {
      ...line.trials,
      onUnreadable: ({ error }) => {
        throw error;
      },
    },
    ...changes,
  });
  const call = async (method: string, path: string, env: object, body?: unknown, headers: object = {}) => {
    const sent = { headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
    const init = body === undefined ? { method } : { method, ...sent };
    const response = await app.request(`/api/v1/operations/failures${path}`, init, env);
    return { status: response.status, body: await response.json() };
  };
  /** Works on everything until nothing is due within some minutes. */
  const workOff = async (): Promise<void> => {
    for (let round = 0; round < 60; round += 1) {
      world.nowMs += 3_000;
      await line.dispatcher.topUp();
      if ((await line.consume(10)) === 0 && world.messages.length === 0 && round > 3) break;
    }
  };
  return {
    world,
    line,
    logs,
    call,
    workOff,
    /** Opens a catalog of so many products, all of which fail as `result` says. */
    fail: async (products: number, of: Parameters<LifecycleWorld["open"]>[3] = {}, result = failing()) => {
      world.verdict = () => result;
      await world.open(products, 5, false, of);
      await workOff();
    },
    heal: () => {
      world.verdict = () => ENRICHED;
    },
    breakAgain: () => {
      world.verdict = () => failing();
    },
  };
};
