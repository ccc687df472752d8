import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { isoTime } from "../../../common/core/clock.ts";
import {
  RedrivenMessageSchema,
  RedriveSchema,
  redrivenMessageView,
  redriveView,
} from "../../../common/core/contract/operations/redrives.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import {
  type LetterJob,
  LetterJobIdSchema,
  LetterOutcomeSchema,
} from "../../../common/core/dead-letters/letter-job.ts";
import { NotFoundError } from "../../../common/core/errors.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { requireOperator } from "../../../common/platform/http/auth-context.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { nameOf } from "./post-redrives.ts";

const shared = { tags: ["Operations"], ...signedIn("operate") };
const Params = z.object({
  id: LetterJobIdSchema.describe("The redrive or discard, as the answer to its request named it.").meta({
    example: "dlj_01jdx0m3k7q2w5e8r1t4y6p9aa",
  }),
});

const listRoute = createRoute({
  ...shared,
  method: "get",
  path: `${API_BASE}/operations/redrives`,
  summary: "Who redrove or discarded what, newest first",
  description: "For operators. Redrives and discards of the last 90 days, with their filters and counts.",
  request: { query: strictQuery(pageQuery) },
  responses: { 200: json(pageOf(RedriveSchema), "A page"), ...problems(400, 401, 403, 503) },
});

const getRoute = createRoute({
  ...shared,
  method: "get",
  path: `${API_BASE}/operations/redrives/{id}`,
  summary: "How far a redrive or discard is",
  description: "For operators.",
  request: { params: Params, query: strictQuery({}) },
  responses: { 200: json(RedriveSchema, "It"), ...problems(400, 401, 403, 404, 503) },
});

const stopRoute = createRoute({
  ...shared,
  method: "delete",
  path: `${API_BASE}/operations/redrives/{id}`,
  summary: "Stop a redrive or discard",
  description:
    "For operators. It ends within a second or two of work. Letters that it has not reached stay open; those that were sent get their outcome all the same. One that is at its end stays as it is.",
  request: { params: Params, query: strictQuery({}) },
  responses: { 200: json(RedriveSchema, "It is stopped, or was at its end"), ...problems(400, 401, 403, 404, 503) },
});

const messagesRoute = createRoute({
  ...shared,
  method: "get",
  path: `${API_BASE}/operations/redrives/{id}/messages`,
  summary: "What a redrive or discard did to each letter",
  description: "For operators. A page may hold fewer items than `limit`; the list ends when next_cursor is null.",
  request: {
    params: Params,
    query: strictQuery({
      outcome: LetterOutcomeSchema.optional().describe("Only letters with this outcome."),
      ...pageQuery,
    }),
  },
  responses: { 200: json(pageOf(RedrivenMessageSchema), "A page"), ...problems(400, 401, 403, 404, 503) },
});

const existing = async ({ deadLetters }: Deps, id: string): Promise<LetterJob> => {
  const job = await deadLetters.jobs.get(id);
  if (!job) throw new NotFoundError(`There is no redrive or discard "${id}", or its 90 days are over.`);
  return job;
};

/** Registers `GET /operations/redrives`. */
export const getRedrives = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(listRoute, async (c) => {
    const caller = callerOf(c);
    requireOperator(caller);
    const { limit, cursor } = c.req.valid("query");
    const list: ListName = [caller.userId, "redrives"];
    const after = await deps.cursors.open(list, cursor, ListPositionSchema);
    const { items, next } = await deps.deadLetters.jobs.list({ limit, after });
    return c.json({ items: items.map(redriveView), next_cursor: await deps.cursors.seal(list, next) }, 200);
  });
};

/** Registers `GET /operations/redrives/{id}`. */
export const getRedrive = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(getRoute, async (c) => {
    requireOperator(callerOf(c));
    return c.json(redriveView(await existing(deps, c.req.valid("param").id)), 200);
  });
};

/** Registers `DELETE /operations/redrives/{id}`. Safe to repeat. */
export const deleteRedrive = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(stopRoute, async (c) => {
    const caller = callerOf(c);
    requireOperator(caller);
    const { id } = c.req.valid("param");
    const stopped = await deps.deadLetters.jobs.stop(id, nameOf(caller), isoTime(deps.clock.now()));
    if (stopped)
      deps.logger.warn("a job over dead letters was stopped", { job_id: id, stopped_by: stopped.stopped_by });
    return c.json(redriveView(stopped ?? (await existing(deps, id))), 200);
  });
};

/** Registers `GET /operations/redrives/{id}/messages`. */
export const getRedrivenMessages = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(messagesRoute, async (c) => {
    const caller = callerOf(c);
    requireOperator(caller);
    const { id } = c.req.valid("param");
    const { outcome, limit, cursor } = c.req.valid("query");
    const list: ListName = [caller.userId, "redriven-messages", id, outcome];
    const after = await deps.cursors.open(list, cursor, ListPositionSchema);
    await existing(deps, id);
    const { items, next } = await deps.deadLetters.jobs.items(id, { outcome }, { limit, after });
    return c.json({ items: items.map(redrivenMessageView), next_cursor: await deps.cursors.seal(list, next) }, 200);
  });
};
