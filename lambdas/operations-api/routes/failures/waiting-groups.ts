import type { WaitingGroup } from "../../../common/core/contract/operations/failure-groups.ts";
import type { Reach } from "../../../common/core/failures/reach.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import { explainWait } from "../../../common/services/failures/explain-wait.ts";

/** Sources that open runs within reach wait for, those that hold up most products first. */
export const waitingGroups = (openRuns: readonly RunRow[], { ownerId }: Reach): WaitingGroup[] => {
  const own = openRuns.filter((run) => run.state !== "cancelled" && (ownerId === null || run.owner_id === ownerId));
  const waits = own.flatMap((run) => run.blocked_by.map((block) => ({ run, block })));
  const groups = Map.groupBy(waits, ({ block }) => `${block.source} ${block.code}`);
  return [...groups.values()]
    .flatMap((all): WaitingGroup[] => {
      const [first] = all;
      if (!first) return [];
      const times = all.flatMap(({ block }) => block.retry_at ?? []).sort();
      return [
        {
          source: first.block.source,
          code: first.block.code,
          ...explainWait(first.block),
          catalogs: new Set(all.map(({ run }) => run.catalog_id)).size,
          pending: all.reduce((sum, { run }) => sum + run.pending, 0),
          retry_at: times[0] ?? null,
        },
      ];
    })
    .sort((one, other) => other.pending - one.pending || (one.source < other.source ? -1 : 1));
};
