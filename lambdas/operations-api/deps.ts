import openapi from "../../docs/api/openapi.json" with { type: "json" };
import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import type { Cursors } from "../common/platform/http/cursors.ts";
import { type ApiContext, buildApiContext } from "../common/services/wiring/api-context.ts";
import { buildCursors } from "../common/services/wiring/cursors.ts";
import { configOf } from "./config-of.ts";
import type { Env } from "./env.ts";
import { buildKeysDeps, type KeysDeps } from "./keys-deps.ts";
import { buildLiveDeps, type LiveDeps } from "./live-deps.ts";
import { buildProbes, type Probes } from "./probe-deps.ts";
import { buildRefreshDeps, type RefreshDeps } from "./refresh-deps.ts";
import { buildFailureDeps, type FailureDeps } from "./routes/failures/failure-deps.ts";
import { buildWebhookDeps, type WebhookDeps } from "./routes/webhooks/webhook-deps.ts";
import { buildSourceDeps, type SourceDeps } from "./sources/source-deps.ts";

/** Everything the routes of this room need. */
export interface Deps extends ApiContext, LiveDeps, KeysDeps, Probes, SourceDeps {
  readonly config: Readonly<ReturnType<typeof configOf>>;
  /** The OpenAPI document of the whole API. */
  readonly openapi: Readonly<Record<string, unknown>>;
  /** Seals and opens the cursors of lists. */
  readonly cursors: Cursors;
  readonly refresh: RefreshDeps;
  readonly webhooks: WebhookDeps;
  readonly failures: FailureDeps;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const context = buildApiContext(env);
  const { clock, newId, logger } = context;
  const parts = { documents, clock, newId, log: logger };
  return {
    ...context,
    ...buildKeysDeps(env, { documents }),
    ...buildProbes(env, { documents }),
    ...buildSourceDeps(env, { documents, ...context }),
    ...buildLiveDeps(env, { documents }),
    config: configOf(env),
    openapi,
    cursors: buildCursors(env, clock),
    refresh: buildRefreshDeps(env, parts),
    webhooks: buildWebhookDeps(env, parts),
    failures: buildFailureDeps(env, parts),
  };
};
