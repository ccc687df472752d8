import type * as z from "zod";
import { RunRowSchema } from "../runs/run-row.ts";
import { isOpen } from "../runs/run-states.ts";
import type { WebhookEvent } from "./webhook-event.ts";

/** Failed products of a run with one code from which on they are a group that somebody should look at. */
export const GROUP_FROM = 10;

/** The parts of a run row that events are made of. */
export const RunNewsSchema = RunRowSchema.pick({
  catalog_id: true,
  batch_id: true,
  owner_id: true,
  state: true,
  uploaded: true,
  enriched: true,
  failed: true,
  cancelled: true,
  failure_counts: true,
  finished_at: true,
});
export type RunNews = z.infer<typeof RunNewsSchema>;

const failuresOf = ({ failure_counts }: RunNews): { error_code: string; count: number }[] =>
  Object.entries(failure_counts)
    .filter(([, count]) => count > 0)
    .map(([error_code, count]) => ({ error_code, count }))
    .sort((one, other) => (one.error_code < other.error_code ? -1 : 1));

/**
 * That a run ended, undefined while it has not. A run whose failed products are tried again ends again, which is another event.
 */
export const completionOf = (run: RunNews): WebhookEvent | undefined => {
  const { catalog_id, batch_id, state, uploaded, enriched, failed, cancelled, finished_at } = run;
  if (isOpen(state) || finished_at === null) return undefined;
  return {
    event: "catalog.completed",
    key: `${batch_id}/${finished_at}`,
    atMs: Date.parse(finished_at),
    data: {
      ...{ catalog_id, tracking_id: batch_id, state, finished_at },
      counts: { uploaded, enriched, failed, cancelled },
      failures: failuresOf(run),
    },
  };
};

/** Codes by which so many products of a run failed that they are a group. */
export const groupsOf = (run: RunNews): { readonly error_code: string; readonly count: number }[] =>
  failuresOf(run).filter(({ count }) => count >= GROUP_FROM);

/**
 * The writes of runs of which there may be something to tell: of each run every end, and its newest state when it has a group, since
 * that has all codes that earlier ones had.
 */
export const runsToTell = <Run extends RunNews>(written: readonly Run[]): Run[] => {
  const ended = new Map<string, Run>();
  const newest = new Map<string, Run>();
  for (const run of written) {
    const completion = completionOf(run);
    if (completion) ended.set(completion.key, run);
    newest.set(run.batch_id, run);
  }
  const withGroups = [...newest.values()].filter((run) => groupsOf(run).length > 0);
  return [...new Set([...ended.values(), ...withGroups])];
};

/** That a group of failures opened. Its count is the one that was seen then, and not in the key. */
export const groupOpened = (
  { catalog_id, batch_id }: Pick<RunNews, "catalog_id" | "batch_id">,
  {
    error_code,
    count,
    openedAtMs,
  }: { readonly error_code: string; readonly count: number; readonly openedAtMs: number },
): WebhookEvent => ({
  event: "failure_group.opened",
  key: `${batch_id}/${error_code}`,
  atMs: openedAtMs,
  data: { group_id: `${batch_id}/${error_code}`, catalog_id, tracking_id: batch_id, error_code, count },
});
