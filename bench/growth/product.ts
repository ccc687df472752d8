import * as z from "zod";
import { bundle } from "../shared/bundle.ts";
import type { VirtualClock } from "../shared/virtual-clock.ts";
import type { Client } from "./memory/memory-clients.ts";

/** What takes the place of AWS and of time. */
export interface Replacements {
  readonly clock: VirtualClock;
  readonly documents: Client;
  readonly queues: Client;
  readonly objects: Client;
  readonly secrets: Client;
}

/** A function of the product, as Lambda calls it. */
export type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

const callable = <Type>() => z.custom<Type>((value) => typeof value === "function");

const ProductSchema = z.object({
  replace: callable<(replacements: Replacements) => void>(),
  create: z.object({
    "catalogs-api": callable<(env: Readonly<Record<string, string>>) => Handler>(),
    "ingest-catalog": callable<(env: Readonly<Record<string, string>>) => Handler>(),
    "dispatch-batches": callable<(env: Readonly<Record<string, string>>) => Handler>(),
    "enrich-batch": callable<(env: Readonly<Record<string, string>>) => Handler>(),
    reconcile: callable<(env: Readonly<Record<string, string>>) => Handler>(),
  }),
  conditionFailed: callable<(item: unknown) => Error>(),
  transactionCancelled: callable<(codes: readonly string[]) => Error>(),
});
/** The product's functions, composed as they are deployed. */
export type Product = z.infer<typeof ProductSchema>;
export type FunctionName = keyof Product["create"];

const ROOMS = ["ingest-catalog", "dispatch-batches", "enrich-batch", "reconcile"] as const;

const nameOf = (room: string): string => room.replaceAll("-", "_");

/** Each function with its own env schema, wiring and handler: what its `index.ts` does, once for each instance. */
const SOURCE = `
  import { ConditionalCheckFailedException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
  import { handle } from "hono/aws-lambda";
  import { replace } from "./lambdas/common/adapters/aws/aws-clients.ts";
  import { replaceClock } from "./lambdas/common/platform/system-clock.ts";
  import { parseEnv } from "./lambdas/common/platform/parse-env.ts";
  import { createApp } from "./lambdas/catalogs-api/app.ts";
  import { buildDeps as apiDeps } from "./lambdas/catalogs-api/deps.ts";
  import { EnvSchema as ApiEnv } from "./lambdas/catalogs-api/env.ts";
  ${ROOMS.map(
    (room) => `
  import { createHandler as create_${nameOf(room)} } from "./lambdas/${room}/handler.ts";
  import { buildDeps as deps_${nameOf(room)} } from "./lambdas/${room}/deps.ts";
  import { EnvSchema as Env_${nameOf(room)} } from "./lambdas/${room}/env.ts";`,
  ).join("")}
  const both = (parts) => { replace(parts); replaceClock(parts.clock); };
  export { both as replace };
  export const create = {
    "catalogs-api": (env) => handle(createApp(apiDeps(parseEnv(ApiEnv, env)))),
    ${ROOMS.map(
      (room) => `"${room}": (env) => create_${nameOf(room)}(deps_${nameOf(room)}(parseEnv(Env_${nameOf(room)}, env))),`,
    ).join("\n    ")}
  };
  export const conditionFailed = (Item) =>
    new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {}, ...(Item ? { Item } : {}) });
  export const transactionCancelled = (codes) =>
    new TransactionCanceledException({ message: "Transaction cancelled", $metadata: {}, CancellationReasons: codes.map((Code) => ({ Code })) });
`;

/** The plain client serves Powertools' idempotency alone, which the bench's uploads do not ask for. */
const CLIENTS = `
  import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
  let parts;
  export const replace = (given) => { parts = given; };
  export const createDocumentClient = () => parts.documents;
  export const createDynamoClient = () => new DynamoDBClient();
  export const createSqsClient = () => parts.queues;
  export const createS3Client = () => parts.objects;
  export const createSecretsClient = () => parts.secrets;
`;

const CLOCK = `
  let clock;
  export const replaceClock = (given) => { clock = given; };
  export const createSystemClock = () => ({ now: () => clock.now(), sleep: (ms) => clock.sleep(ms) });
`;

/** The made-up upstream stands in for the global one. */
const FETCH = `
  export const createUpstreamFetch = () => (input, init) => globalThis.fetch(input, init);
`;

/** Bundles the product's own functions, with AWS clients, clock and upstreams replaced. @returns the address */
export const bundleProduct = (outfile: string): Promise<string> =>
  bundle(SOURCE, outfile, {
    "adapters/aws/aws-clients.ts": CLIENTS,
    "platform/system-clock.ts": CLOCK,
    "upstream-http/upstream-fetch.ts": FETCH,
  });

export const loadProduct = async (address: string): Promise<Product> =>
  ProductSchema.parse({ ...(await import(address)) });
