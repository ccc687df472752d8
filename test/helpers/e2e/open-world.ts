import { inject } from "vitest";
import { OPEN_RUN_STATES } from "../../../lambdas/common/core/runs/run-states.ts";
import { Api, apiAs } from "./api.ts";
import { Deployed } from "./deployed.ts";
import { Upstream } from "./upstream.ts";
import { waitFor } from "./wait-for.ts";

/** Everything that an end-to-end test touches, on the stack that all such files share. */
export interface World {
  /** The API as its first user, as another one, and without a sign-in. */
  readonly demo: Api;
  readonly other: Api;
  readonly nobody: Api;
  readonly upstream: Upstream;
  readonly deployed: Deployed;
}

/**
 * What an earlier file left behind is no part of what the next one proves: runs that are still open would share its
 * calls, and a breaker that opened would make it wait for minutes.
 */
const settle = async ({ demo, other, upstream, deployed }: World): Promise<void> => {
  await upstream.begin();
  for (const api of [demo, other]) {
    for (const { catalog_id, state } of await api.catalogs()) {
      if (!(OPEN_RUN_STATES as readonly string[]).includes(state)) continue;
      const { status, body } = await api.call("POST", `/catalogs/${catalog_id}/cancel`);
      // It may have ended meanwhile.
      if (status !== 200 && status !== 409) throw new Error(`the cancel answered ${status}: ${JSON.stringify(body)}`);
    }
  }
  for (const name of ["enrich", "enrich-express"] as const) {
    const isEmpty = (messages: number): boolean => messages === 0;
    await waitFor(`the ${name} queue to be empty`, () => deployed.waiting(deployed.queue(name).url), isEmpty, 60);
  }
  await deployed.limits.forget();
  await upstream.begin();
};

/** Signs in, opens clients and ends what earlier files left running; end it with `world.deployed.close()`. */
export const openWorld = async (): Promise<World> => {
  const outputs = inject("outputs");
  const [demo, other] = await Promise.all([apiAs(outputs, "demo"), apiAs(outputs, "other")]);
  const world = {
    demo,
    other,
    nobody: new Api(outputs.apiUrl, undefined),
    upstream: new Upstream(outputs),
    deployed: new Deployed(outputs, inject("stateDir")),
  };
  await settle(world);
  return world;
};
