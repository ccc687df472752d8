import { parseEnv } from "../common/platform/parse-env.ts";
import { buildDeps } from "./deps.ts";
import { EnvSchema } from "./env.ts";
import { createHandler } from "./handler.ts";

// Node loads what answers are made of with the first fetch: now, and not while the first call waits for its slot.
await fetch("data:,");

export const handler = createHandler(buildDeps(parseEnv(EnvSchema, process.env)));
