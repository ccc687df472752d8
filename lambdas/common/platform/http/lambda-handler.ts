import type { OpenAPIHono } from "@hono/zod-openapi";
import { handle } from "hono/aws-lambda";
import type { HttpEnv } from "./http-env.ts";
import { readableEvent } from "./refusals/ill-formed-event.ts";

type Handle = ReturnType<typeof handle>;

/** The Lambda handler of an HTTP app behind API Gateway (payload version 2.0). No event makes it throw. */
export const createLambdaHandler = (app: OpenAPIHono<HttpEnv>): Handle => {
  const answer = handle(app);
  return (event, context) => answer(readableEvent(event), context);
};
