import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { errorStack, errorWords } from "../../core/error-words.ts";
import { NotFoundError, ValidationError } from "../../core/errors.ts";
import { admitKey, type KeyCalls } from "./access/admit-key.ts";
import type { AuthContext } from "./auth-context.ts";
import { authContextOf } from "./auth-context.ts";
import { CORRELATION_HEADER, correlationIdOf } from "./correlation-id.ts";
import type { HttpEnv, HttpLogger } from "./http-env.ts";
import { loggedPath } from "./logged-path.ts";
import { toProblem } from "./problems/problem.ts";
import { refuseIllFormed } from "./refusals/refuse-ill-formed.ts";
import { refuseNoRoute } from "./refusals/refuse-no-route.ts";
import { addSecurityHeaders } from "./security-headers.ts";

/** Where everything lives. */
export const API_BASE = "/api/v1";

export interface HttpAppDeps {
  readonly logger: HttpLogger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh correlation id. */
  readonly newCorrelationId: () => string;
  /** Counts calls by keys; absent where every route is open. */
  readonly keyCalls?: KeyCalls | undefined;
}

/** The verified caller of this request. @throws UnauthorizedError without one */
export const callerOf = (c: Context<HttpEnv>): AuthContext => authContextOf(c.env?.event);

/** A named API stage is part of the path that API Gateway passes on; routes are written without it. */
const routedPath = (request: Request): string =>
  new URL(request.url).pathname.replace(/^\/[^/]+(?=\/api\/v1(?![^/]))/, "");

const PROBLEM_TYPE = "application/problem+json";

/**
 * An empty HTTP app with what every route shares: correlation id, headers of safety, one log line a request, problem+json for every error,
 * and validation problems with field and fix. A path parameter of the wrong form is a 404, because such a thing does
 * not exist.
 */
export const createHttpApp = (deps: HttpAppDeps): OpenAPIHono<HttpEnv> => {
  const app = new OpenAPIHono<HttpEnv>({
    strict: false,
    defaultHook: (result) => {
      if (result.success) return;
      if (result.target === "param") throw new NotFoundError("There is nothing at this address.");
      throw new ValidationError("The request breaks a rule; see errors.", {
        errors: result.error.issues.flatMap((issue) => {
          const fields = issue.code === "unrecognized_keys" ? issue.keys : [issue.path.join(".") || result.target];
          return fields.map((field) => ({ field, problem: issue.message }));
        }),
      });
    },
  });

  // The constructor's types refuse this option, the instance takes it.
  Object.assign(app, { getPath: routedPath });

  app.use(async (c, next) => {
    const startedAt = deps.now();
    const correlationId = correlationIdOf(c.req.header(CORRELATION_HEADER), c.env?.event, deps.newCorrelationId);
    c.set("correlationId", correlationId);
    // What is logged on the way, such as a change of a breaker, leads back to the request too.
    if (deps.logger.during) await deps.logger.during({ correlation_id: correlationId }, next);
    else await next();
    c.header(CORRELATION_HEADER, correlationId);
    addSecurityHeaders(c.res.headers);
    deps.logger.info("request answered", {
      correlation_id: correlationId,
      method: c.req.method,
      path: loggedPath(c.req.path),
      status: c.res.status,
      duration_ms: deps.now() - startedAt,
    });
  });

  app.use(async (c, next) => {
    await refuseIllFormed(c.req, c.env?.event);
    await next();
  });

  const { keyCalls } = deps;
  if (keyCalls) app.use(admitKey({ logger: deps.logger, now: deps.now, keyCalls }));

  app.onError((error, c) => {
    const correlationId = c.get("correlationId");
    const { body, headers } = toProblem(error, correlationId);
    const extra = {
      correlation_id: correlationId,
      method: c.req.method,
      path: loggedPath(c.req.path),
      code: body.code,
    };
    if (body.status === 500) {
      deps.logger.error("unhandled error", { ...extra, error: errorStack(error) });
    } else if (body.status === 503) {
      deps.logger.warn("unavailable", {
        ...extra,
        error: errorWords(error),
        cause: error.cause === undefined ? "" : errorWords(error.cause),
      });
    }
    return new Response(JSON.stringify(body), {
      status: body.status,
      headers: { ...headers, "content-type": PROBLEM_TYPE },
    });
  });

  app.notFound((c) => refuseNoRoute(app.routes, c.req));

  return app;
};
