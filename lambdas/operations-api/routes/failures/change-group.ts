import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../../common/core/clock.ts";
import {
  FailureGroupDetailSchema,
  GroupNoteSchema,
  IgnoreRequestSchema,
} from "../../../common/core/contract/operations/failure-groups.ts";
import { ConflictError, StaleWriteError, TransientError, ValidationError } from "../../../common/core/errors.ts";
import { afterVerb, type GroupVerb } from "../../../common/core/failures/group-state.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { AuthContext } from "../../../common/platform/http/auth-context.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { findGroup, GroupParams, reachOf } from "./group-access.ts";
import { detailOf, groupNow, showGroup } from "./group-views.ts";

const TRIES = 4;

const verbRoute = <Path extends string, Body extends typeof GroupNoteSchema | typeof IgnoreRequestSchema>(
  verb: Path,
  schema: Body,
  summary: string,
  description: string,
  example: Record<string, string>,
) =>
  createRoute({
    method: "post",
    path: `${API_BASE}/operations/failures/{group}/${verb}`,
    summary,
    description,
    tags: ["Failures"],
    ...signedIn("upload"),
    request: {
      params: GroupParams,
      query: strictQuery({}),
      body: { required: true, content: { "application/json": { schema, example } } },
    },
    responses: { 200: json(FailureGroupDetailSchema, "The group"), ...problems(400, 401, 404, 409, 415, 503) },
  });

const resolveRoute = verbRoute(
  "resolve",
  GroupNoteSchema,
  "Call a failure group resolved",
  "Its products stay failed; it opens again by itself as soon as one fails for it after this. Safe to repeat.",
  { note: "the account has sales again" },
);
const ignoreRoute = verbRoute(
  "ignore",
  IgnoreRequestSchema,
  "Ignore a failure group",
  "It stays ignored whatever fails for it, until it is reopened or `until` is over. Safe to repeat.",
  { note: "these products were withdrawn" },
);
const reopenRoute = verbRoute(
  "reopen",
  GroupNoteSchema,
  "Open a failure group again that was resolved or ignored",
  "No product of it is failed: 409 `nothing_failed`. Safe to repeat.",
  { note: "it was not that" },
);

/** Does a verb, and says in the log who did it. @throws ConflictError `trial_running`, `nothing_failed` */
const change = async ({ failures, logger }: Deps, caller: AuthContext, groupId: string, verb: GroupVerb) => {
  const reach = reachOf(caller);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await findGroup(failures, reach, groupId);
    const { row, state } = await groupNow(failures, found);
    if (state === "trying") {
      throw new ConflictError(
        "Products of this group are being tried; stop the trial first, or wait for its end.",
        "trial_running",
      );
    }
    if (verb.verb === "reopen" && !found.tally) {
      throw new ConflictError("No product of this group is failed, so there is nothing to open.", "nothing_failed");
    }
    const after = afterVerb(row, verb, failures.clock.now());
    try {
      const saved = after === row ? row : await failures.groups.save(reach, after);
      const fields = { group_id: groupId, event: verb.verb, by: verb.by, reach: reach.ownerId ?? "all" };
      if (after !== row) logger.info("a failure group was changed", fields);
      const now = { ...found, row: saved };
      return detailOf(await showGroup(failures, found.now.runs, now), now);
    } catch (error) {
      if (!(error instanceof StaleWriteError)) throw error;
    }
  }
  throw new TransientError("the failure group changes too fast; try again");
};

/** Registers `POST /operations/failures/{group}/resolve`. */
export const resolveFailureGroup = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(resolveRoute, async (c) => {
    const caller = callerOf(c);
    const { note = null } = c.req.valid("json");
    const verb = { verb: "resolve", by: caller.userId, note } as const;
    return c.json(await change(deps, caller, c.req.valid("param").group, verb), 200);
  });
};

/** Registers `POST /operations/failures/{group}/reopen`. */
export const reopenFailureGroup = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(reopenRoute, async (c) => {
    const caller = callerOf(c);
    const { note = null } = c.req.valid("json");
    const verb = { verb: "reopen", by: caller.userId, note } as const;
    return c.json(await change(deps, caller, c.req.valid("param").group, verb), 200);
  });
};

/** Registers `POST /operations/failures/{group}/ignore`. */
export const ignoreFailureGroup = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(ignoreRoute, async (c) => {
    const caller = callerOf(c);
    const { note = null, until = null } = c.req.valid("json");
    const nowMs = deps.clock.now();
    if (until !== null && Date.parse(until) <= nowMs) {
      throw new ValidationError("The time to ignore it is over already.", {
        errors: [{ field: "until", problem: `must be after now, ${isoTime(nowMs)}` }],
      });
    }
    const verb = { verb: "ignore", by: caller.userId, note, until: until && isoTime(Date.parse(until)) } as const;
    return c.json(await change(deps, caller, c.req.valid("param").group, verb), 200);
  });
};
