import { MARKETPLACES } from "../../lambdas/common/core/products/marketplaces.ts";
import { startCreatorsApiSimulator } from "../upstreams/creators-api/server.ts";
import { startKeepaSimulator } from "../upstreams/keepa/server.ts";
import { startPaapiSimulator } from "../upstreams/paapi/server.ts";
import type { RunningSimulator, SimulatorOptions } from "../upstreams/shared/server/simulator.ts";
import { startSpApiSimulator } from "../upstreams/sp-api/server.ts";

/** Where a client is published. */
export type Registry = "npm" | "PyPI";

/** One proof: a client's script and the simulator that it talks to. */
export interface Proof {
  /** Name of the client's package. */
  readonly client: string;
  readonly version: string;
  readonly registry: Registry;
  readonly script: string;
  readonly start: (options: SimulatorOptions) => Promise<RunningSimulator>;
  /** Names that lead to the simulator's TLS port, as the client knows them; none: the client is given its URL. */
  readonly hosts: readonly string[];
}

const SP_HOSTS = ["api.amazon.com", ...["na", "eu", "fe"].map((group) => `sellingpartnerapi-${group}.amazon.com`)];
const PAAPI_HOSTS = MARKETPLACES.map((place) => place.paapiHost);

/** All proofs, in the order in which they run. */
export const PROOFS: readonly Proof[] = [
  {
    client: "amazon-paapi",
    version: "1.1.0",
    registry: "npm",
    script: "amazon-paapi.cjs",
    start: startPaapiSimulator,
    hosts: PAAPI_HOSTS,
  },
  {
    client: "paapi5-nodejs-sdk",
    version: "1.1.0",
    registry: "npm",
    script: "paapi5-nodejs-sdk.cjs",
    start: startPaapiSimulator,
    hosts: PAAPI_HOSTS,
  },
  {
    client: "amazon-sp-api",
    version: "1.2.1",
    registry: "npm",
    script: "amazon-sp-api.cjs",
    start: startSpApiSimulator,
    hosts: SP_HOSTS,
  },
  {
    client: "python-amazon-paapi",
    version: "7.1.0",
    registry: "PyPI",
    script: "creators_api.py",
    start: startCreatorsApiSimulator,
    hosts: [],
  },
  {
    client: "keepa",
    version: "1.6.0",
    registry: "PyPI",
    script: "keepa_client.py",
    start: startKeepaSimulator,
    hosts: ["api.keepa.com"],
  },
  {
    client: "python-amazon-sp-api",
    version: "2.1.35",
    registry: "PyPI",
    script: "sp_api_client.py",
    start: startSpApiSimulator,
    hosts: SP_HOSTS,
  },
];
