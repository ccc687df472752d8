import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { isoTime } from "../../../common/core/clock.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import { DAY_MS } from "../../../common/core/durations.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
import {
  JOB_DAYS,
  type RefreshJob,
  RefreshJobSchema,
  RefreshJobStatusSchema,
} from "../../../common/core/refresh/refresh-job.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

/** Days that one request reads at most before it answers with what it found. */
const MAX_DAYS = 10;

const QuerySchema = strictQuery({
  date: z.iso
    .date()
    .optional()
    .describe("Only jobs that were planned on this day, UTC; absent: from today back.")
    .meta({ example: "2026-11-30" }),
  status: RefreshJobStatusSchema.optional().describe("Only jobs in this state."),
  ...pageQuery,
});

/** A day, and where its list continues; absent: at its beginning. */
const PositionSchema = z.object({ date: z.iso.date(), after: ListPositionSchema.optional() });

const route = createRoute({
  method: "get",
  path: `${API_BASE}/refresh/jobs`,
  summary: "Calls of the daily refresh, newest first",
  description:
    "One job is one upstream call. Jobs are kept for 90 days. A page may hold fewer items than `limit`, even none; the list ends when next_cursor is null.",
  tags: ["Refresh"],
  ...signedIn("read"),
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(RefreshJobSchema), "A page"), ...problems(400, 401, 503) },
});

/** Registers `GET /refresh/jobs`. */
export const getRefreshJobs = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { date, status, limit, cursor } = c.req.valid("query");
    const { userId } = callerOf(c);
    const list: ListName = [userId, "refresh-jobs", date, status];
    const nowMs = deps.clock.now();
    const today = isoTime(nowMs).slice(0, 10);
    const oldest = date ?? isoTime(nowMs - JOB_DAYS * DAY_MS).slice(0, 10);
    let at: z.infer<typeof PositionSchema> | undefined = (await deps.cursors.open(list, cursor, PositionSchema)) ?? {
      date: date ?? today,
    };
    const items: RefreshJob[] = [];
    for (let days = 0; at !== undefined && days < MAX_DAYS && items.length < limit; days += 1) {
      const page = await deps.refresh.jobs.listDay(at.date, status, { limit: limit - items.length, after: at.after });
      items.push(...page.items.map((job) => RefreshJobSchema.parse(job)));
      const before: string = isoTime(Date.parse(at.date) - DAY_MS).slice(0, 10);
      if (page.next !== undefined) at = { date: at.date, after: page.next };
      else at = before < oldest ? undefined : { date: before };
    }
    return c.json({ items, next_cursor: await deps.cursors.seal(list, at) }, 200);
  });
};
