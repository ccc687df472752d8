import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { isoTime } from "../../../common/core/clock.ts";
import {
  RevocationPreviewSchema,
  RevocationRequestSchema,
  RevocationViewSchema,
  revocationView,
} from "../../../common/core/contract/licences/revocation.ts";
import { ConflictError, NotFoundError } from "../../../common/core/errors.ts";
import {
  isInForce,
  newRevocation,
  type Revocation,
  RevocationIdSchema,
} from "../../../common/core/licences/revocations/revocation.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const shared = { tags: ["Licences"], ...signedIn("operate") };
const Params = z.object({
  id: RevocationIdSchema.describe("The revocation, as the answer to its request named it.").meta({
    example: "rev_7k2m9x4v1z0d5h3n",
  }),
});
/** Writes of the sweep that may come between reading a revocation and ending it. */
const MAX_ATTEMPTS = 5;

const postRoute = createRoute({
  ...shared,
  method: "post",
  path: `${API_BASE}/licences/revocations`,
  summary: "Remove all content of a source",
  description:
    "For operators. From now on, within half a minute, nothing of the source is given out and it is not asked. Stored fields, raw answers and exports that show them are removed in steps, and a last pass 16 minutes later removes what was being written meanwhile. With `dry_run` it answers what would be removed, as it was counted last.",
  request: {
    query: strictQuery({}),
    body: {
      required: true,
      content: { "application/json": { schema: RevocationRequestSchema, example: { source: "keepa", dry_run: true } } },
    },
  },
  responses: {
    200: json(RevocationPreviewSchema, "What would be removed"),
    202: json(RevocationViewSchema, "It is revoked; removal begins within a minute"),
    ...problems(400, 401, 403, 409, 415, 503),
  },
});

const getRoute = createRoute({
  ...shared,
  method: "get",
  path: `${API_BASE}/licences/revocations/{id}`,
  summary: "How far a revocation is, and what it removed",
  request: { params: Params, query: strictQuery({}) },
  responses: { 200: json(RevocationViewSchema, "The revocation"), ...problems(400, 401, 403, 404, 503) },
});

const deleteRoute = createRoute({
  ...shared,
  method: "delete",
  path: `${API_BASE}/licences/revocations/{id}`,
  summary: "End a revocation, so that the source may be asked again",
  description:
    "For operators. What was removed stays removed. Ended before it is done, what is still stored is given out again.",
  request: { params: Params, query: strictQuery({}) },
  responses: { 200: json(RevocationViewSchema, "It is ended"), ...problems(400, 401, 403, 404, 409, 503) },
});

const existing = async ({ licences }: Deps, id: string): Promise<Revocation> => {
  const revocation = await licences.revocations.get(id);
  if (!revocation) throw new NotFoundError(`there is no revocation "${id}"`);
  return revocation;
};

/** Registers `POST /licences/revocations`. A repeat finds the first one in force, and answers 409 with its id. */
export const postRevocation = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(postRoute, async (c) => {
    const caller = callerOf(c);
    const { source, dry_run } = c.req.valid("json");
    const { revocations, counts, enabled } = deps.licences;
    const inForce = (await revocations.list()).find((one) => one.source === source && isInForce(one));
    if (dry_run) {
      const { last } = await counts.read();
      return c.json(
        {
          source,
          enabled: enabled.includes(source),
          counted_at: last?.counted_at ?? null,
          held: last?.held[source] ?? null,
          revocation_id: inForce?.revocation_id ?? null,
        },
        200,
      );
    }
    if (inForce) {
      throw new ConflictError(
        `${source} is revoked already: see GET /licences/revocations/${inForce.revocation_id}.`,
        "already_revoked",
      );
    }
    const asked = { revocation_id: `rev_${deps.newId()}`, source, requested_by: caller.userId };
    const revocation = newRevocation(asked, deps.clock.now());
    await revocations.create(revocation);
    deps.logger.warn("a source was revoked", { ...asked });
    return c.json(revocationView(revocation), 202);
  });
};

/** Registers `GET /licences/revocations/{id}`. */
export const getRevocation = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(getRoute, async (c) => {
    return c.json(revocationView(await existing(deps, c.req.valid("param").id)), 200);
  });
};

/** Registers `DELETE /licences/revocations/{id}`. Safe to repeat. */
export const deleteRevocation = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(deleteRoute, async (c) => {
    const { id } = c.req.valid("param");
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const found = await existing(deps, id);
      if (!isInForce(found)) return c.json(revocationView(found), 200);
      const now = isoTime(deps.clock.now());
      const state = found.state === "done" ? "lifted" : "cancelled";
      const ended = await deps.licences.revocations.advance({ ...found, state, ended_at: now }, now);
      if (ended) {
        deps.logger.warn("a revocation was ended", { revocation_id: id, source: found.source, state });
        return c.json(revocationView(ended), 200);
      }
    }
    throw new ConflictError("The revocation is being worked on; try again.", "revocation_busy");
  });
};
