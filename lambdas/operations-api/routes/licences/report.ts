import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../../common/core/clock.ts";
import { sourceLicences } from "../../../common/core/contract/licences/licences.ts";
import {
  CountRequestedSchema,
  type LicenceReport,
  LicenceReportSchema,
} from "../../../common/core/contract/licences/report.ts";
import { revocationView } from "../../../common/core/contract/licences/revocation.ts";
import { isInForce } from "../../../common/core/licences/revocations/revocation.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const shared = { path: `${API_BASE}/licences/report`, tags: ["Licences"], ...signedIn("read") };

const reportRoute = createRoute({
  ...shared,
  method: "get",
  summary: "What is held of each source, when it ends, and what was removed",
  description:
    "The stored content is counted once a day, and when somebody asks for it with POST; removals are as of now. `ends` names hours in UTC; what is in a past one is removed within a minute and given out by nobody.",
  request: { query: strictQuery({}) },
  responses: { 200: json(LicenceReportSchema, "The report"), ...problems(400, 401, 503) },
});

const countRoute = createRoute({
  ...shared,
  method: "post",
  summary: "Count again what is held of each source",
  description: "It begins within a minute and takes about a second per thousand products.",
  request: { query: strictQuery({}) },
  responses: { 202: json(CountRequestedSchema, "It will be counted"), ...problems(400, 401, 503) },
});

/** Registers `POST /licences/report`. */
export const postLicenceReport = (app: OpenAPIHono<HttpEnv>, { licences, clock }: Deps): void => {
  app.openapi(countRoute, async (c) => {
    callerOf(c);
    const requested_at = isoTime(clock.now());
    await licences.counts.request(requested_at);
    return c.json({ requested_at }, 202);
  });
};

/** Registers `GET /licences/report`. */
export const getLicenceReport = (app: OpenAPIHono<HttpEnv>, { licences, clock, config }: Deps): void => {
  app.openapi(reportRoute, async (c) => {
    callerOf(c);
    const { book, acknowledgements, enabled, revocations, counts, swept: sweptCounts } = licences;
    const [all, { running, last, requested_at }, swept] = await Promise.all([
      revocations.list(),
      counts.read(),
      sweptCounts.read(),
    ]);
    const isAskedFor = requested_at !== null && (last === null || requested_at > last.started_at);
    const report: LicenceReport = {
      stage: config.stage,
      generated_at: isoTime(clock.now()),
      counted_at: last?.counted_at ?? null,
      counting:
        running !== null || isAskedFor
          ? { started_at: running?.started_at ?? null, products_read: running?.products_read ?? 0 }
          : null,
      products_read: last?.products_read ?? 0,
      sources: sourceLicences(book, acknowledgements, enabled, all.filter(isInForce)).map((one) => {
        const { fields = 0, raw_answers = 0, since = null } = swept.get(one.source) ?? {};
        return {
          ...one,
          held: last?.held[one.source] ?? null,
          swept: { fields, raw_answers, since },
          revocations: all.filter(({ source }) => source === one.source).map(revocationView),
        };
      }),
      swept_exports: swept.get("all")?.exports ?? 0,
    };
    return c.json(report, 200);
  });
};
