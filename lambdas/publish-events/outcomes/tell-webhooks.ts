import { EVENT_SYSTEM } from "../../common/core/catalogs/system-owner.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import { RunNewsSchema, runsToTell } from "../../common/core/webhooks/run-events.ts";
import type { Deps } from "../deps.ts";

/**
 * Hands runs that ended, or in which many products failed, to webhooks: keys and counts, nothing of a product. A record that comes
 * again is handed over again; the ids of deliveries follow from the run, so nobody is told twice.
 * @throws TransientError when some could not be sent; the stream then brings their records again
 */
export const tellWebhooks = async (webhooks: Deps["webhooks"], written: readonly RunRow[]): Promise<void> => {
  // Catalogs that hold requests have no user who could have an endpoint.
  const runs = runsToTell(written.filter(({ owner_id }) => owner_id !== EVENT_SYSTEM));
  if (!webhooks || runs.length === 0) return;
  await webhooks.send(
    runs.map((run) => ({ message: { version: 1, kind: "run", run: RunNewsSchema.parse(run) }, delaySeconds: 0 })),
  );
};
