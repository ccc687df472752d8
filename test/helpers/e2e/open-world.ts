import { inject } from "vitest";
import { Api, apiAs } from "./api.ts";
import { Deployed } from "./deployed.ts";
import { Upstream } from "./upstream.ts";

/** Everything that an end-to-end test touches, on the stack that all such files share. */
export interface World {
  /** The API as its first user, as another one, and without a sign-in. */
  readonly demo: Api;
  readonly other: Api;
  readonly nobody: Api;
  readonly upstream: Upstream;
  readonly deployed: Deployed;
}

/** Signs in and opens clients; end them with `world.deployed.close()`. */
export const openWorld = async (): Promise<World> => {
  const outputs = inject("outputs");
  const [demo, other] = await Promise.all([apiAs(outputs, "demo"), apiAs(outputs, "other")]);
  return {
    demo,
    other,
    nobody: new Api(outputs.apiUrl, undefined),
    upstream: new Upstream(outputs),
    deployed: new Deployed(outputs, inject("stateDir")),
  };
};
