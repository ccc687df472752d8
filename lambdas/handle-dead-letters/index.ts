import { parseEnv } from "../common/platform/parse-env.ts";
import { buildDeps } from "./deps.ts";
import { EnvSchema } from "./env.ts";
import { createHandler } from "./handler.ts";

export const handler = createHandler(buildDeps(parseEnv(EnvSchema, process.env)));
