import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../../common/core/clock.ts";
import {
  RedrivePreviewSchema,
  RedriveRequestSchema,
  RedriveSchema,
  redriveView,
} from "../../../common/core/contract/operations/redrives.ts";
import {
  JOBS_KEY,
  LETTER_JOB_DAYS,
  type LetterJob,
  type LetterJobKind,
  NO_LETTERS,
} from "../../../common/core/dead-letters/letter-job.ts";
import { DAY_MS, secondsAfterDays } from "../../../common/core/durations.ts";
import { errorWords } from "../../../common/core/error-words.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import { type AuthContext, requireOperator } from "../../../common/platform/http/auth-context.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import { nameOfParts, sortableTime } from "../../../common/platform/sortable-id.ts";
import type { Deps } from "../../deps.ts";
import { previewSelection } from "./preview-selection.ts";
import { selectionOf } from "./selection-of.ts";

/** Jobs among which a repeated request is looked for. */
const RECENT_JOBS = 50;

const routeOf = <Path extends string>(path: Path, summary: string, description: string) =>
  createRoute({
    method: "post",
    path: `${API_BASE}/operations/${path}` as const,
    summary,
    description,
    tags: ["Operations"],
    ...signedIn("operate"),
    request: {
      query: strictQuery({}),
      headers: IdempotencyHeaders,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: RedriveRequestSchema,
            example: { queue: "enrich", filter: { error_code: "unavailable" }, dry_run: true },
          },
        },
      },
    },
    responses: {
      200: json(RedrivePreviewSchema, "What would be taken up"),
      202: json(RedriveSchema, "It begins"),
      ...problems(400, 401, 403, 415, 503),
    },
  });

const redriveRoute = routeOf(
  "redrives",
  "Send dead letters to their queues again",
  "For operators. Each letter is sent once, the oldest first, unless its row says that nothing is left to do for it: then it is dropped as stale. A batch that somebody works on, or that is settled, is never enriched twice. What came of each is in `/operations/redrives/{id}/messages`.",
);
const discardRoute = routeOf(
  "discards",
  "Discard dead letters",
  "For operators. Discarded letters are kept for 30 days and listed with `state=discarded`. Batches whose letter was discarded are still sent again by their rows; a request, a caption or thumbnails are lost.",
);

/** Who did it, for the history. */
export const nameOf = ({ username, key }: AuthContext): string =>
  key === undefined ? username : `${username} (key ${key.keyId})`;

const create = async (
  deps: Deps,
  caller: AuthContext,
  kind: LetterJobKind,
  asked: Pick<LetterJob, "selection" | "limit" | "rate_per_second"> & { readonly key: string | undefined },
): Promise<LetterJob> => {
  const { jobs } = deps.deadLetters;
  const { selection, limit, rate_per_second, key } = asked;
  const name = key === undefined ? deps.newId() : nameOfParts([caller.userId, kind, key]);
  const nowMs = deps.clock.now();
  if (key !== undefined) {
    const { items } = await jobs.list({ limit: RECENT_JOBS });
    const first = items.find(
      ({ part, requested_at }) => part.endsWith(name) && Date.parse(requested_at) > nowMs - DAY_MS,
    );
    if (first) return first;
  }
  const job: LetterJob = {
    letter_key: JOBS_KEY,
    part: `dlj_${sortableTime(nowMs)}${name}`,
    ...{ kind, state: "running", is_active: true, selection, limit, rate_per_second },
    requested_by: nameOf(caller),
    requested_at: isoTime(nowMs),
    ...{ stopped_by: null, stopped_at: null, finished_at: null, moved_at: null },
    position: { place: null, ids: 0 },
    ...NO_LETTERS,
    ...{ lease_owner: null, lease_until: null },
    updated_at: isoTime(nowMs),
    expires_at: secondsAfterDays(nowMs, LETTER_JOB_DAYS),
  };
  await jobs.create(job);
  deps.logger.warn("a job over dead letters was asked for", {
    ...{ job_id: job.part, kind, requested_by: job.requested_by, limit, rate_per_second },
    ...{ queue: selection.queue, filter: selection.filter, all: selection.all },
    message_ids: selection.message_ids?.length ?? null,
  });
  return job;
};

const register = (
  app: OpenAPIHono<HttpEnv>,
  deps: Deps,
  kind: LetterJobKind,
  route: typeof redriveRoute | typeof discardRoute,
) => {
  app.openapi(route, async (c) => {
    const caller = callerOf(c);
    requireOperator(caller);
    const body = c.req.valid("json");
    const selection = selectionOf(body);
    const limit = body.limit ?? null;
    if (body.dry_run) return c.json(await previewSelection(deps.deadLetters, kind, { selection, limit }), 200);
    const key = c.req.valid("header")["idempotency-key"];
    const { rate_per_second } = body;
    const job = await create(deps, caller, kind, { selection, limit, rate_per_second, key });
    try {
      await deps.deadLetters.begin();
    } catch (error) {
      // Its schedule begins it within a minute.
      deps.logger.warn("a job over dead letters begins late", { job_id: job.part, error: errorWords(error) });
    }
    return c.json(redriveView(job), 202);
  });
};

/** Registers `POST /operations/redrives`. */
export const postRedrive = (app: OpenAPIHono<HttpEnv>, deps: Deps): void =>
  register(app, deps, "redrive", redriveRoute);

/** Registers `POST /operations/discards`. */
export const postDiscard = (app: OpenAPIHono<HttpEnv>, deps: Deps): void =>
  register(app, deps, "discard", discardRoute);
