import { countInvocations } from "../common/adapters/aws/instance-usage.ts";
import { parseEnv } from "../common/platform/parse-env.ts";
import { buildDeps } from "./deps.ts";
import { EnvSchema } from "./env.ts";
import { createHandler } from "./handler.ts";

// Node loads what answers are made of with the first fetch: now, and not while the first call waits for its slot.
await fetch("data:,");

export const handler = countInvocations(createHandler(buildDeps(parseEnv(EnvSchema, process.env))), {
  isPolled: true,
  isForRuns: true,
});
