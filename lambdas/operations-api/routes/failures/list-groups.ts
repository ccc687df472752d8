import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { type FailureGroup, FailureGroupListSchema } from "../../../common/core/contract/operations/failure-groups.ts";
import { GROUP_STATES } from "../../../common/core/failures/group-state.ts";
import type { GroupTally } from "../../../common/core/failures/group-tally.ts";
import { causeOfGroup } from "../../../common/core/runs/failure-group-id.ts";
import { SourceIdSchema } from "../../../common/core/source-ids.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import { readGroups } from "../../../common/services/failures/read-groups.ts";
import type { Deps } from "../../deps.ts";
import { reachOf } from "./group-access.ts";
import { groupNow, showGroup } from "./group-views.ts";
import { waitingGroups } from "./waiting-groups.ts";

const GROUP_BY = ["error_code", "source", "catalog"] as const;

const route = createRoute({
  method: "get",
  path: `${API_BASE}/operations/failures`,
  summary: "Failure groups over catalogs: what failed for one cause, how much, and what helps",
  description:
    "Operators see the failures of everybody, everyone else those of their own catalogs. What counts is the newest run of each catalog: a product that was enriched since has left its group. `waiting` has sources that open runs wait for; nothing failed there.",
  tags: ["Failures"],
  ...signedIn("read"),
  request: {
    query: strictQuery({
      state: z
        .enum([...GROUP_STATES, "all"])
        .optional()
        .describe("Only groups in this state, or all; absent: those that are open or being tried.")
        .meta({ example: "all" }),
      source: SourceIdSchema.optional().describe("Only groups of this source.").meta({ example: "creators-api" }),
      group_by: z.enum(GROUP_BY).default("error_code").describe("What `sums` adds up by.").meta({ example: "catalog" }),
    }),
  },
  responses: { 200: json(FailureGroupListSchema, "The groups"), ...problems(400, 401, 503) },
});

type GroupBy = (typeof GROUP_BY)[number];

const keysOf = (tally: GroupTally, by: GroupBy): readonly { readonly key: string | null; readonly count: number }[] => {
  if (by === "catalog") return tally.runs.map(({ catalog_id, count }) => ({ key: catalog_id, count }));
  return [{ key: causeOfGroup(tally.group_id)[by], count: tally.count }];
};

/** Catalogs that are named at most. */
const MAX_SUMS = 100;

const sumsOf = (tallies: readonly GroupTally[], by: GroupBy) => {
  const sums = new Map<string | null, { key: string | null; count: number; group_ids: string[] }>();
  for (const tally of tallies) {
    for (const { key, count } of keysOf(tally, by)) {
      const sum = sums.get(key) ?? { key, count: 0, group_ids: [] };
      sum.count += count;
      if (!sum.group_ids.includes(tally.group_id)) sum.group_ids.push(tally.group_id);
      sums.set(key, sum);
    }
  }
  const order = (one: { count: number; key: string | null }, other: typeof one): number =>
    other.count - one.count || ((one.key ?? "") < (other.key ?? "") ? -1 : 1);
  return [...sums.values()].sort(order).slice(0, MAX_SUMS);
};

const isWanted = ({ state }: Pick<FailureGroup, "state">, wish: string | undefined): boolean =>
  wish === "all" || (wish === undefined ? state === "open" || state === "trying" : state === wish);

/** Registers `GET /operations/failures`. */
export const listFailureGroups = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { state, source, group_by } = c.req.valid("query");
    const { failures } = deps;
    const reach = reachOf(callerOf(c));
    const [{ runs, tallies, isComplete }, rows, open] = await Promise.all([
      readGroups(failures, reach),
      failures.groups.list(reach),
      failures.runs.listOpenRuns(failures.onUnreadable),
    ]);
    const kept = new Map(rows.map((row) => [row.group_id, row]));
    const ids = [...new Set([...tallies.keys(), ...kept.keys()])].filter(
      (id) => source === undefined || causeOfGroup(id).source === source,
    );
    const items: FailureGroup[] = [];
    for (const groupId of ids) {
      const seen = { groupId, row: kept.get(groupId), tally: tallies.get(groupId) };
      const now = await groupNow(failures, seen);
      if (isWanted(now, state)) items.push((await showGroup(failures, runs, seen, now)).group);
    }
    const shown = items.flatMap(({ group_id }) => tallies.get(group_id) ?? []);
    items.sort((one, other) => other.count - one.count || (one.group_id < other.group_id ? -1 : 1));
    return c.json(
      {
        items,
        sums: sumsOf(shown, group_by),
        waiting: waitingGroups(open, reach).filter((group) => source === undefined || group.source === source),
        complete: isComplete,
      },
      200,
    );
  });
};
