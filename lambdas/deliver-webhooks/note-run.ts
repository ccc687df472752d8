import { completionOf, groupOpened, groupsOf, type RunNews } from "../common/core/webhooks/run-events.ts";
import { deliverTo, endpointsFor } from "../common/services/webhooks/announce.ts";
import type { Deps } from "./deps.ts";

/** Groups of which an instance remembers that they were told of. */
const MAX_REMEMBERED = 10_000;

type NoteDeps = Pick<Deps, "endpoints" | "deliveries" | "queue" | "windows" | "clock">;

/**
 * Makes the deliveries of the end of a run, and of groups of failures that opened in it. Safe to repeat.
 * @param announced groups that this instance told of already, `<run>/<group>`
 * @throws TransientError when something could not be written; the message then comes again
 */
export const noteRun = async (deps: NoteDeps, run: RunNews, announced: Set<string>): Promise<void> => {
  await noteGroups(deps, run, announced);
  const completion = completionOf(run);
  if (!completion) return;
  for (const { webhook_id } of await endpointsFor(deps.endpoints, run.owner_id, "catalog.completed")) {
    await deliverTo(deps, { userId: run.owner_id, webhookId: webhook_id }, completion);
  }
};

const noteGroups = async (deps: NoteDeps, run: RunNews, announced: Set<string>): Promise<void> => {
  const nameOf = (groupId: string): string => `${run.batch_id}/${groupId}`;
  const groups = groupsOf(run).filter(({ group_id }) => !announced.has(nameOf(group_id)));
  if (groups.length === 0) return;
  const endpoints = await endpointsFor(deps.endpoints, run.owner_id, "failure_group.opened");
  // Nobody to tell: the group opens for an endpoint that is made later, with the next change of the run.
  if (endpoints.length === 0) return;
  for (const group of groups) {
    const openedAtMs = await deps.windows.openGroup(run.batch_id, group.group_id, deps.clock.now());
    const opened = groupOpened(run, { ...group, openedAtMs });
    for (const { webhook_id } of endpoints) {
      await deliverTo(deps, { userId: run.owner_id, webhookId: webhook_id }, opened);
    }
    announced.add(nameOf(group.group_id));
    const [oldest] = announced;
    if (announced.size > MAX_REMEMBERED && oldest !== undefined) announced.delete(oldest);
  }
};
