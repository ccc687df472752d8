import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { CatalogStatusSchema } from "../../../common/core/contract/runs/run-status.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { answerOnce, IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { findCatalog } from "../../find-catalog.ts";
import { readStatus } from "./read-status.ts";
import { requireSource, runSources } from "./run-sources.ts";

type Action = "pause" | "resume" | "cancel";

const TEXTS = {
  pause: {
    summary: "Pause the run",
    description:
      "Nothing more is sent, no new upstream call starts after 5 s, and what is in flight is put aside. Already paused: 409 `already_paused`.",
    done: "The run is paused",
  },
  resume: {
    summary: "Let a paused run continue",
    description:
      "Everything that was put aside is resent at once, after a large retry at the pace of the source. Not paused: 409 `not_paused`.",
    done: "The run continues",
  },
  cancel: {
    summary: "Cancel the run for good",
    description:
      "Everything that is not in flight is cancelled at once, what is in flight within seconds, after a large retry within minutes; what is enriched already stays. Cancelled already: 409 `already_cancelled`; ended: 409 `run_closed`.",
    done: "The run is cancelled; `counts.pending` says what is still in flight",
  },
} as const;

const routeOf = (action: Action) =>
  createRoute({
    method: "post",
    path: `${API_BASE}/catalogs/{id}/${action}`,
    summary: TEXTS[action].summary,
    description: TEXTS[action].description,
    tags: ["Runs"],
    ...signedIn("upload"),
    request: { params: CatalogParams, query: strictQuery({}), headers: IdempotencyHeaders },
    responses: { 200: json(CatalogStatusSchema, TEXTS[action].done), ...problems(400, 401, 404, 409, 422, 503) },
  });

const requireSourceFor = async (deps: Deps, run: RunRow | undefined): Promise<void> => {
  if (run?.state !== "paused") return;
  const wish = { provider: run.options.provider ?? undefined, fallback: run.options.fallback };
  requireSource(runSources(wish, await deps.readSourceStatuses()), wish);
};

const register =
  (action: Action) =>
  (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
    app.openapi(routeOf(action), async (c) => {
      const { id } = c.req.valid("param");
      const { userId } = callerOf(c);
      const { body } = await answerOnce(c, deps.answerOnce, new Uint8Array(), async ({ id: requestId }) => {
        const { catalog, run } = await findCatalog(deps, id, userId);
        if (action === "resume") await requireSourceFor(deps, run);
        const changed = await deps.lifecycle[action](run, requestId);
        return { status: 200, body: JSON.stringify(await readStatus(deps, catalog, changed)) };
      });
      return c.json(CatalogStatusSchema.parse(JSON.parse(body)), 200);
    });
  };

/** Registers `POST /catalogs/{id}/pause`. */
export const pauseRun = register("pause");
/** Registers `POST /catalogs/{id}/resume`. */
export const resumeRun = register("resume");
/** Registers `POST /catalogs/{id}/cancel`. */
export const cancelRun = register("cancel");
