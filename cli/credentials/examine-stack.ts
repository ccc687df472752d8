import * as z from "zod";
import { DeadLetterPageSchema } from "../../lambdas/common/core/contract/operations/dead-letters.ts";
import { HealthSchema } from "../../lambdas/common/core/contract/operations/health.ts";
import { CliError } from "../cli-error.ts";
import type { Session } from "../run-command.ts";

/** Letters that are looked at to tell their queues. */
const NEWEST_LETTERS = "100";

/** How one part of a deployment is. */
export const StackCheckSchema = z.object({
  name: z.enum(["api", "stacks", "alarms", "dead letters", "schedules"]).describe("The part."),
  ok: z.boolean().describe("Whether it is well; true also where it could not be read, as the reason then says."),
  reason: z.string().describe("What was found, in words."),
  next_step: z.string().describe("What to do; empty when there is nothing to do."),
});
export type StackCheck = Readonly<z.infer<typeof StackCheckSchema>>;

type Found = Omit<StackCheck, "name">;

const fine = (reason: string): Found => ({ ok: true, reason, next_step: "" });

/** What is left of a check that cannot be made: the sentence why. */
const orUnread = async (name: StackCheck["name"], work: () => Promise<Found>): Promise<StackCheck> => {
  try {
    return { name, ...(await work()) };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { name, ...fine(`could not be read: ${error.message}`) };
  }
};

const checkApi = async ({ api, target }: Session): Promise<StackCheck> => {
  try {
    const { status, components } = await api.call({ path: "/health", answer: HealthSchema });
    if (status !== "down") return { name: "api", ...fine(`answers at ${target.apiUrl}; health is ${status}`) };
    const down = (["database", "queue"] as const).filter((part) => components[part].status === "down");
    return {
      ...{ name: "api", ok: false, reason: `answers, but does not reach its ${down.join(" and ")}.` },
      next_step:
        "See https://health.aws.amazon.com, then the logs of the API's functions: docs/runbook.md, Read a log.",
    };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const next_step = "See the logs of the API's functions (docs/runbook.md, Read a log), or deploy the stage again.";
    return { name: "api", ok: false, reason: `does not answer: ${error.message}`, next_step };
  }
};

const checkAlarms = async (session: Session): Promise<Found> => {
  const { ringingAlarms } = await import("../aws/stack-health.ts");
  const ringing = await ringingAlarms(await session.target.aws());
  if (ringing.length === 0) return fine("none rings");
  const lines = ringing
    .toSorted((a, b) => Number(b.isPage) - Number(a.isPage))
    .map(({ name, description }) => `\n    ${name}: ${description}`);
  return {
    ...{ ok: false, reason: `${ringing.length} ring:${lines.join("")}` },
    next_step: "Open the section of docs/runbook.md that each alarm names, the pages first.",
  };
};

const countsOf = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([queue, count]) => `${queue} ${count}`).join(", ");

/** Letters that wait for a person, in words; undefined: there are none. */
const openLetters = async ({ operatorApi }: Session): Promise<string | undefined> => {
  const page = await operatorApi.call({
    path: "/operations/dead-letters",
    query: { limit: NEWEST_LETTERS },
    answer: DeadLetterPageSchema,
  });
  if (page.approximate_total === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { queue } of page.items) counts.set(queue, (counts.get(queue) ?? 0) + 1);
  const newest = page.next_cursor === null ? "" : `, of the newest ${page.items.length}`;
  const which = counts.size === 0 ? "" : ` (${countsOf(counts)}${newest})`;
  return `${page.approximate_total}${page.complete ? "" : " or more"} wait for a person${which}`;
};

/** What lies in the queues and is in no list yet, in words; undefined: nothing, or there is no AWS account to ask. */
const unlistedLetters = async ({ target }: Session): Promise<string | undefined> => {
  if (target.deployedStage === undefined) return undefined;
  const { deadLetters } = await import("../aws/stack-health.ts");
  const counts = await deadLetters(await target.aws());
  return counts.size === 0 ? undefined : `not listed yet: ${countsOf(counts)}`;
};

/** A message is in its queue for up to a minute, and then in the list: both are looked at, as the alarm does. */
const checkDeadLetters = async (session: Session): Promise<Found> => {
  const results = await Promise.allSettled([openLetters(session), unlistedLetters(session)]);
  const found = results.flatMap((result) => (result.status === "fulfilled" ? (result.value ?? []) : []));
  const failed = results.find((result) => result.status === "rejected");
  if (found.length === 0 && failed) throw failed.reason;
  if (found.length === 0) return fine("there are none");
  const { deployedStage } = session.target;
  const command = `enrichline dlq list${deployedStage === undefined ? "" : ` --stage ${deployedStage}`}`;
  return {
    ...{ ok: false, reason: `messages were given up; ${found.join("; ")}.` },
    next_step: `Read them first: ${command}, then docs/runbook.md, Inspect a DLQ.`,
  };
};

const checkSchedules = async ({ target }: Session): Promise<Found> => {
  const { readSchedules } = await import("../aws/stack-health.ts");
  const access = await target.aws();
  const { count, off } = await readSchedules(access);
  if (off.length === 0) return fine(`all ${count} are on`);
  return {
    ...{ ok: false, reason: `switched off: ${off.join(", ")}. What they call stands still.` },
    next_step: `Switch them on: npx enrichline deploy ${access.stage} -- --force`,
  };
};

const checkStacks = async ({ target }: Session): Promise<Found> => {
  const { stackStates } = await import("../aws/stack-health.ts");
  const access = await target.aws();
  const wrong = [...(await stackStates(access))].filter(
    ([, state]) => !/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(state),
  );
  if (wrong.length === 0) return fine("all are deployed");
  return {
    ...{ ok: false, reason: `${wrong.map(([name, state]) => `${name} is ${state}`).join(", ")}.` },
    next_step: `Deploy the stage again: npx enrichline deploy ${access.stage}. What is refused is explained in docs/runbook.md, "A deploy is refused".`,
  };
};

/** Examines a deployment itself, beside its sources: its API and dead letters, and, where it is a stage in AWS, what lies there. */
export const examineStack = async (session: Session): Promise<readonly StackCheck[]> => {
  const api = await checkApi(session);
  const deadLetters = orUnread("dead letters", () => checkDeadLetters(session));
  if (session.target.deployedStage === undefined) return [api, await deadLetters];
  return [
    api,
    ...(await Promise.all([
      orUnread("stacks", () => checkStacks(session)),
      orUnread("alarms", () => checkAlarms(session)),
      deadLetters,
      orUnread("schedules", () => checkSchedules(session)),
    ])),
  ];
};
