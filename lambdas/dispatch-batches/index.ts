import { countInvocations } from "../common/adapters/aws/instance-usage.ts";
import { parseEnv } from "../common/platform/parse-env.ts";
import { buildDeps } from "./deps.ts";
import { EnvSchema } from "./env.ts";
import { createHandler } from "./handler.ts";

export const handler = countInvocations(createHandler(buildDeps(parseEnv(EnvSchema, process.env))));
