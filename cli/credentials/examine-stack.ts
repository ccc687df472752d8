import { DeadLetterPageSchema } from "../../lambdas/common/core/contract/operations/dead-letters.ts";
import { HealthSchema } from "../../lambdas/common/core/contract/operations/health.ts";
import { CliError } from "../cli-error.ts";
import type { Session } from "../run-command.ts";

/** How one part of a deployment is. */
export interface StackCheck {
  readonly name: "api" | "stacks" | "alarms" | "dead letters" | "schedules";
  /** True also where it could not be read, as the reason then says. */
  readonly ok: boolean;
  readonly reason: string;
  /** Empty when there is nothing to do. */
  readonly next_step: string;
}

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

/** Those that are kept and wait for somebody, and those that nobody has taken out of their queue yet. */
const checkDeadLetters = async ({ api, target }: Session): Promise<Found> => {
  const { deadLetters } = await import("../aws/stack-health.ts");
  const lying = await deadLetters(await target.aws());
  const { approximate_total: open } = await api.call({
    path: "/operations/dead-letters",
    query: { limit: "1" },
    answer: DeadLetterPageSchema,
  });
  if (lying.size === 0 && open === 0) return fine("there are none");
  const parts = [...(open > 0 ? [`${open} open`] : []), ...[...lying].map(([queue, count]) => `${queue} ${count}`)];
  return {
    ...{ ok: false, reason: `messages were given up: ${parts.join(", ")}.` },
    next_step: "Read them first: enrichline dlq list, and docs/runbook.md, Inspect a DLQ.",
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

/** Examines a deployment itself, beside its sources; what lies in AWS only where it is a stage there. */
export const examineStack = async (session: Session): Promise<readonly StackCheck[]> => {
  const api = await checkApi(session);
  if (session.target.deployedStage === undefined) return [api];
  return [
    api,
    ...(await Promise.all([
      orUnread("stacks", () => checkStacks(session)),
      orUnread("alarms", () => checkAlarms(session)),
      orUnread("dead letters", () => checkDeadLetters(session)),
      orUnread("schedules", () => checkSchedules(session)),
    ])),
  ];
};
