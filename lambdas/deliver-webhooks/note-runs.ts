import * as z from "zod";
import { plainImage } from "../common/adapters/dynamodb/stream-image.ts";
import {
  completionOf,
  groupOpened,
  groupsOf,
  type RunNews,
  RunNewsSchema,
} from "../common/core/webhooks/run-events.ts";
import { deliverTo, endpointsFor } from "../common/services/webhooks/announce.ts";
import type { Deps } from "./deps.ts";

const EventSchema = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ NewImage: z.record(z.string(), z.unknown()) }) })),
});

/** Groups of which an instance remembers that they were told of. */
const MAX_REMEMBERED = 10_000;

type NoteDeps = Pick<Deps, "endpoints" | "deliveries" | "queue" | "windows" | "clock" | "log">;

/**
 * Reads what the stream tells of runs. Of each run every end counts, and of its failures the newest state, which has all codes that
 * earlier ones had.
 * @throws Error when the event is none of the stream of runs
 */
const readRuns = (event: unknown): { readonly ended: readonly RunNews[]; readonly newest: readonly RunNews[] } => {
  const newest = new Map<string, RunNews>();
  const ended = new Map<string, RunNews>();
  for (const { dynamodb } of EventSchema.parse(event).Records) {
    const run = RunNewsSchema.parse(plainImage(dynamodb.NewImage));
    newest.set(run.batch_id, run);
    const completion = completionOf(run);
    if (completion) ended.set(completion.key, run);
  }
  return { ended: [...ended.values()], newest: [...newest.values()] };
};

/**
 * Makes the deliveries of ends of runs, and of groups of failures that opened in them.
 * @param announced groups that this instance told of already, `<run>/<code>`
 * @throws TransientError when something could not be written; the same records then come again
 */
export const noteRuns = async (deps: NoteDeps, event: unknown, announced: Set<string>): Promise<void> => {
  const { ended, newest } = readRuns(event);
  for (const run of newest) await noteGroups(deps, run, announced);
  for (const run of ended) {
    const completion = completionOf(run);
    if (!completion) continue;
    for (const { webhook_id } of await endpointsFor(deps.endpoints, run.owner_id, "catalog.completed")) {
      await deliverTo(deps, { userId: run.owner_id, webhookId: webhook_id }, completion);
    }
  }
};

const noteGroups = async (deps: NoteDeps, run: RunNews, announced: Set<string>): Promise<void> => {
  const nameOf = (errorCode: string): string => `${run.batch_id}/${errorCode}`;
  const groups = groupsOf(run).filter(({ error_code }) => !announced.has(nameOf(error_code)));
  if (groups.length === 0) return;
  const endpoints = await endpointsFor(deps.endpoints, run.owner_id, "failure_group.opened");
  // Nobody to tell: the group opens for an endpoint that is made later, with the next change of the run.
  if (endpoints.length === 0) return;
  for (const group of groups) {
    const openedAtMs = await deps.windows.openGroup(run.batch_id, group.error_code, deps.clock.now());
    const opened = groupOpened(run, { ...group, openedAtMs });
    for (const { webhook_id } of endpoints) {
      await deliverTo(deps, { userId: run.owner_id, webhookId: webhook_id }, opened);
    }
    announced.add(nameOf(group.error_code));
    const [oldest] = announced;
    if (announced.size > MAX_REMEMBERED && oldest !== undefined) announced.delete(oldest);
  }
};
