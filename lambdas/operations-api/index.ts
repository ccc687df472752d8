import { handle } from "hono/aws-lambda";
import { parseEnv } from "../common/platform/parse-env.ts";
import { createApp } from "./app.ts";
import { buildDeps } from "./deps.ts";
import { EnvSchema } from "./env.ts";

export const handler = handle(createApp(buildDeps(parseEnv(EnvSchema, process.env))));
