import { countInvocations } from "../common/adapters/aws/instance-usage.ts";
import { createLambdaHandler } from "../common/platform/http/lambda-handler.ts";
import { parseEnv } from "../common/platform/parse-env.ts";
import { createApp } from "./app.ts";
import { buildDeps } from "./deps.ts";
import { EnvSchema } from "./env.ts";

export const handler = countInvocations(createLambdaHandler(createApp(buildDeps(parseEnv(EnvSchema, process.env)))));
