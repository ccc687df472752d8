import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { Upstream } from "../outputs.ts";

/** Sources that a local stack simulates: every one that has an upstream, whether the stage asks it or not. */
export const SIMULATED_SOURCES = [
  "creators-api",
  "paapi",
  "sp-api",
  "keepa",
  "product-page",
] as const satisfies readonly SourceId[];

/** Sources that have credentials from the start; the others wait for `enrichline credentials set`. */
export const CONFIGURED_SOURCES = ["creators-api", "keepa"] as const satisfies readonly SourceId[];

/** Where simulators give tokens: those of the Creators API for credentials of version 3, which the local ones are. */
const TOKEN_PATHS: Readonly<Record<string, string>> = {
  "creators-api": "/auth/o2/token",
  "sp-api": "/auth/o2/token",
};

const endpointsOf = (id: string, { url }: Upstream): Record<string, string> => ({
  api: url,
  ...(TOKEN_PATHS[id] === undefined ? {} : { token: url + TOKEN_PATHS[id] }),
});

/**
 * CDK context that points the deployed functions at the simulators and lets the gateway's pages call the API.
 * @param upstreams simulators by source id
 * @param gatewayUrl origin of the gateway
 * @param settings further stage settings of this deploy, such as another rate
 * @param clockFile file that the functions' clock follows
 * @param bundles folder with a bundle for each room; absent: the synth bundles them
 */
export const upstreamContext = (
  upstreams: Readonly<Record<string, Upstream>>,
  gatewayUrl: string,
  clockFile: string,
  settings: Readonly<Record<string, unknown>> = {},
  bundles?: string,
): Record<string, string> => ({
  ...(bundles === undefined ? {} : { bundles }),
  endpoints: JSON.stringify(
    Object.fromEntries(Object.entries(upstreams).map(([id, upstream]) => [id, endpointsOf(id, upstream)])),
  ),
  settings: JSON.stringify({ ...settings, allowed_origins: [gatewayUrl] }),
  emulated: "true",
  clock_file: clockFile,
});
