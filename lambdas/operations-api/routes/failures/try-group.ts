import { createHash } from "node:crypto";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../../common/core/clock.ts";
import {
  FailureGroupDetailSchema,
  TrialPreviewSchema,
  TryRequestSchema,
} from "../../../common/core/contract/operations/failure-groups.ts";
import { ConflictError, StaleWriteError } from "../../../common/core/errors.ts";
import { withEvents } from "../../../common/core/failures/failure-group-row.ts";
import type { Reach } from "../../../common/core/failures/reach.ts";
import { FIRST_PART, noCounts, type Trial, type TrialSize } from "../../../common/core/failures/trial.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import { pickSpread } from "../../../common/services/failures/pick-failed.ts";
import { addUp, countTrial, ended, takeFurther } from "../../../common/services/failures/trial-steps.ts";
import { REQUEST_BUDGET_MS } from "../../../common/services/lifecycle/request-budget.ts";
import type { Deps } from "../../deps.ts";
import type { FailureDeps } from "./failure-deps.ts";
import { type FoundGroup, findGroup, GroupParams, reachOf } from "./group-access.ts";
import { detailOf, rowNow, sampleOf, showGroup } from "./group-views.ts";

const tryRoute = createRoute({
  method: "post",
  path: `${API_BASE}/operations/failures/{group}/try`,
  summary: "Try failed products of a group again, inside their runs",
  description:
    "Reopens one product, ten, or all of them, spread over catalogs at first. `all` goes in parts of 10, 100 and up to 2,000: the next part is reopened within a minute of the last outcome, and none is once a fifth of a part failed again for the same cause. A group has one trial at a time: 409 `trial_running`. No product is failed: 409 `nothing_failed`.",
  tags: ["Failures"],
  ...signedIn("upload"),
  request: {
    params: GroupParams,
    query: strictQuery({}),
    headers: IdempotencyHeaders,
    body: { required: true, content: { "application/json": { schema: TryRequestSchema, example: { size: 1 } } } },
  },
  responses: {
    200: json(TrialPreviewSchema, "Dry run: what would be tried first"),
    202: json(FailureGroupDetailSchema, "The products are pending again"),
    ...problems(400, 401, 404, 409, 415, 503),
  },
});

const stopRoute = createRoute({
  method: "delete",
  path: `${API_BASE}/operations/failures/{group}/try`,
  summary: "Stop the trial of a failure group",
  description: "No further part is reopened; what is pending ends by itself. Safe to repeat.",
  tags: ["Failures"],
  ...signedIn("upload"),
  request: { params: GroupParams, query: strictQuery({}) },
  responses: { 200: json(FailureGroupDetailSchema, "The group"), ...problems(400, 401, 404, 503) },
});

/** The same request has the same id, so that its repeat finds the trial that the first one began. */
const trialId = (deps: Deps, userId: string, groupId: string, key: string | undefined): string =>
  `try_${key === undefined ? deps.newId() : createHash("sha256").update(`${userId} ${groupId} ${key}`).digest("hex").slice(0, 16)}`;

const newTrial = (trial_id: string, size: TrialSize, started_by: string, started_at: string): Trial => ({
  ...{ trial_id, size, started_by, started_at },
  ...{ finished_at: null, state: "running", part: null, before: noCounts(), place: null, spread: {} },
});

const shown = async (failures: FailureDeps, found: FoundGroup) =>
  detailOf(await showGroup(failures, found.now.runs, found), found);

const show = async ({ failures }: Deps, reach: Reach, groupId: string) =>
  shown(failures, await findGroup(failures, reach, groupId));

/** @throws ConflictError `no_source_configured` when nothing could answer */
const requireSource = async ({ readSourceStatuses }: Deps): Promise<void> => {
  const statuses = await readSourceStatuses();
  if (statuses.some(({ configured }) => configured)) return;
  throw new ConflictError(
    `There are no credentials for any source yet. Store them with: enrichline credentials set ${statuses[0]?.id ?? "creators-api"}`,
    "no_source_configured",
  );
};

const running = (): ConflictError =>
  new ConflictError(
    "Products of this group are being tried already: GET /operations/failures/{group} shows how it goes, DELETE …/try stops it.",
    "trial_running",
  );

/** Registers `POST /operations/failures/{group}/try`. */
export const tryFailureGroup = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const { failures, logger } = deps;
  app.openapi(tryRoute, async (c) => {
    const caller = callerOf(c);
    const reach = reachOf(caller);
    const groupId = c.req.valid("param").group;
    const { size, dry_run } = c.req.valid("json");
    const untilMs = failures.clock.now() + REQUEST_BUDGET_MS;
    const id = trialId(deps, caller.userId, groupId, c.req.valid("header")["idempotency-key"]);
    // One whose outcomes are in is over, even where nobody has noted that.
    if (!dry_run) await takeFurther(failures, reach, groupId, untilMs);
    const found = await findGroup(failures, reach, groupId);
    const { tally, now } = found;
    if (!dry_run && found.row?.trial?.trial_id === id) return c.json(await shown(failures, found), 202);
    if (!tally) throw new ConflictError("No product of this group is failed any more.", "nothing_failed");
    if (dry_run) {
      const first = await pickSpread(failures, now.runs, tally, size === 1 ? 1 : FIRST_PART);
      return c.json({ group_id: groupId, size, count: tally.count, first_part: first.map(sampleOf) }, 200);
    }
    if (found.row?.trial?.state === "running") throw running();
    await requireSource(deps);
    const row = rowNow(found, failures.clock.now());
    const at = isoTime(failures.clock.now());
    const note = size === "all" ? "all products" : size === 1 ? "1 product" : `${size} products`;
    await failures.groups.noteTrying({ reach, groupId });
    try {
      await failures.groups.save(reach, {
        ...row,
        ...(row.state === "open" ? {} : { state: "open", since: at, ignored_until: null }),
        trial: newTrial(id, size, caller.userId, at),
        history: withEvents(row.history, { at, by: caller.userId, event: "try", note }),
      });
    } catch (error) {
      if (error instanceof StaleWriteError) throw running();
      throw error;
    }
    const fields = { group_id: groupId, event: "try", size, by: caller.userId, reach: reach.ownerId ?? "all" };
    logger.info("a failure group is tried", fields);
    const after = await takeFurther(failures, reach, groupId, untilMs);
    // A pass that met the note before the trial was there took it for one of an earlier trial.
    if (after?.trial?.state === "running") await failures.groups.noteTrying({ reach, groupId });
    return c.json(await show(deps, reach, groupId), 202);
  });
};

/** Registers `DELETE /operations/failures/{group}/try`. */
export const stopTrial = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const { failures, logger } = deps;
  const TRIES = 4;
  app.openapi(stopRoute, async (c) => {
    const caller = callerOf(c);
    const reach = reachOf(caller);
    const groupId = c.req.valid("param").group;
    for (let tries = 1; ; tries += 1) {
      const row = await failures.groups.get(reach, groupId);
      if (row?.trial?.state !== "running") break;
      const { trial } = row;
      const at = isoTime(failures.clock.now());
      const counts = await countTrial(failures, groupId, trial);
      const stopped = {
        ...{ ...row, trial },
        history: withEvents(row.history, { at, by: caller.userId, event: "stop", note: null }),
      };
      const all = addUp(trial, counts);
      try {
        await failures.groups.save(reach, ended(stopped, "stopped", all, failures.clock.now()));
        logger.info("a trial was stopped", { group_id: groupId, event: "stop", by: caller.userId });
        break;
      } catch (error) {
        if (!(error instanceof StaleWriteError) || tries === TRIES) throw error;
      }
    }
    return c.json(await show(deps, reach, groupId), 200);
  });
};
