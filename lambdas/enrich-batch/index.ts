import { parseEnv } from "../common/platform/parse-env.ts";
import { buildDeps } from "./deps.ts";
import { EnvSchema } from "./env.ts";
import { createHandler } from "./handler.ts";

// Node loads its HTTP client with the first fetch: now, and not inside the first call's slot.
await fetch("data:,");

export const handler = createHandler(buildDeps(parseEnv(EnvSchema, process.env)));
