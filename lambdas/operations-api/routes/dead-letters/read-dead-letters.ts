import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { MAX_COUNTED } from "../../../common/adapters/dynamodb/dead-letters/letter-store.ts";
import {
  adviceOf,
  type DeadLetterDetail,
  DeadLetterDetailSchema,
  DeadLetterPageSchema,
  deadLetterView,
} from "../../../common/core/contract/operations/dead-letters.ts";
import {
  type Letter,
  LetterIdSchema,
  LetterStateSchema,
  listOf,
  listPlaceOf,
} from "../../../common/core/dead-letters/letter.ts";
import { LetterQueueSchema } from "../../../common/core/dead-letters/letter-queues.ts";
import { LetterFilterSchema, matchesFilter } from "../../../common/core/dead-letters/selection.ts";
import { NotFoundError } from "../../../common/core/errors.ts";
import { READ_AHEAD_ITEMS } from "../../../common/core/list-page.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { requireOperator } from "../../../common/platform/http/auth-context.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { logLink } from "./log-link.ts";

/** Letters that one request looks at before it answers with what it found. */
const MAX_LOOKED_AT = 1_000;

const { error_code, catalog_id, asin, older_than, newer_than } = LetterFilterSchema.shape;

const listRoute = createRoute({
  method: "get",
  path: `${API_BASE}/operations/dead-letters`,
  summary: "Messages that were given up, newest first",
  description:
    "For operators. Messages are taken out of the dead-letter queues within a minute and kept: those that are open for ever, those that ended for 30 days. Listing changes nothing. A page may hold fewer items than `limit`, even none; the list ends when next_cursor is null.",
  tags: ["Operations"],
  ...signedIn("operate"),
  request: {
    query: strictQuery({
      queue: LetterQueueSchema.optional().describe("Only letters of this queue."),
      state: LetterStateSchema.default("open").describe("Only letters in this state; absent: those that are open."),
      ...{ error_code, catalog_id, asin, older_than, newer_than },
      ...pageQuery,
    }),
  },
  responses: { 200: json(DeadLetterPageSchema, "A page"), ...problems(400, 401, 403, 503) },
});

/** Registers `GET /operations/dead-letters`. */
export const getDeadLetters = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(listRoute, async (c) => {
    const caller = callerOf(c);
    requireOperator(caller);
    const { queue, state, limit, cursor, ...filter } = c.req.valid("query");
    const { letters } = deps.deadLetters;
    const list: ListName = [caller.userId, "dead-letters", queue, state, JSON.stringify(filter)];
    const queues = queue === undefined ? LetterQueueSchema.options : [queue];
    const items: Letter[] = [];
    let after = (await deps.cursors.open(list, cursor, z.string())) ?? null;
    for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += READ_AHEAD_ITEMS) {
      const listing = { list: listOf(state), queues, after, newestFirst: true, limit: READ_AHEAD_ITEMS };
      const page = await letters.list(listing);
      const matching = page.letters.filter((letter) => letter.state === state && matchesFilter(letter, filter));
      const fitting = matching.slice(0, limit - items.length);
      items.push(...fitting);
      const last = fitting.at(-1);
      after = fitting.length < matching.length && last ? listPlaceOf(last) : page.next;
      if (after === null || items.length === limit) break;
    }
    const counts = await Promise.all(queues.map((name) => letters.count("open", name)));
    return c.json(
      {
        items: items.map(deadLetterView),
        next_cursor: await deps.cursors.seal(list, after ?? undefined),
        approximate_total: counts.reduce((sum, count) => sum + count, 0),
        complete: counts.every((count) => count < MAX_COUNTED),
      },
      200,
    );
  });
};

const getRoute = createRoute({
  method: "get",
  path: `${API_BASE}/operations/dead-letters/{id}`,
  summary: "One dead letter with its body, its error and where its log lines are",
  description: "For operators.",
  tags: ["Operations"],
  ...signedIn("operate"),
  request: {
    params: z.object({
      id: LetterIdSchema.describe("The letter, as the list names it.").meta({
        example: "5f0f2c1e-3a52-4f5b-9f0e-6a1d2b3c4d5e",
      }),
    }),
    query: strictQuery({}),
  },
  responses: { 200: json(DeadLetterDetailSchema, "The letter"), ...problems(400, 401, 403, 404, 503) },
});

/** Registers `GET /operations/dead-letters/{id}`. */
export const getDeadLetter = (app: OpenAPIHono<HttpEnv>, { deadLetters }: Deps): void => {
  app.openapi(getRoute, async (c) => {
    requireOperator(callerOf(c));
    const { id } = c.req.valid("param");
    const letter = await deadLetters.letters.get(id);
    if (!letter) throw new NotFoundError(`There is no dead letter "${id}", or its 30 days are over.`);
    const advice = adviceOf(letter);
    const detail: DeadLetterDetail = {
      ...deadLetterView(letter),
      body: await deadLetters.letters.body(letter),
      body_bytes: letter.body_bytes,
      attributes: letter.attributes,
      redrivable: advice === null,
      advice,
      log: logLink(letter, deadLetters.consoleRegion),
    };
    return c.json(detail, 200);
  });
};
