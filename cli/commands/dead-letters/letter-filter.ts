import { type Command, InvalidArgumentError, Option } from "commander";
import type { RedriveRequest } from "../../../lambdas/common/core/contract/operations/redrives.ts";
import { LetterQueueSchema } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";
import { type LetterFilter, LetterFilterSchema } from "../../../lambdas/common/core/dead-letters/selection.ts";
import { CliError, EXIT } from "../../cli-error.ts";

const NAMES = Object.keys(LetterFilterSchema.shape);
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Options that say which letters are meant. */
export interface SelectionOptions {
  readonly queue?: string;
  readonly filter?: readonly string[];
  readonly all?: boolean;
}

/** `2h` is a time so long ago; anything else stays as it is. */
const timeOf = (text: string, nowMs: number): string => {
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  return count === undefined ? text : new Date(nowMs - Number(count) * (UNITS_MS[unit] ?? 0)).toISOString();
};

const collect = (text: string, earlier: readonly string[] = []): string[] => {
  const [name = ""] = text.split("=");
  if (!NAMES.includes(name) || !text.includes("=")) {
    throw new InvalidArgumentError(`It must be <name>=<value> with one of ${NAMES.join(", ")}.`);
  }
  return [...earlier, text];
};

/** `--queue` of every command about dead letters. */
export const queueOption = (): Option =>
  new Option("--queue <queue>", "only letters of this queue").choices(LetterQueueSchema.options);

/** `--filter`, which may be repeated. */
export const filterOption = (): Option =>
  new Option(
    "--filter <name=value>",
    `only letters with this; may be repeated. Names: ${NAMES.join(", ")}; times as ISO 8601 or as 30m, 2h, 3d ago`,
  ).argParser(collect);

/** Adds the options by which letters are chosen. */
export const addSelection = (command: Command): Command =>
  command.addOption(queueOption()).addOption(filterOption()).option("--all", "all letters of --queue");

/** The filter as the API takes it. */
export const filterOf = (texts: readonly string[], nowMs: number): LetterFilter => {
  const entries = texts.map((text) => {
    const at = text.indexOf("=");
    const [name, value] = [text.slice(0, at), text.slice(at + 1)];
    return [name, name.endsWith("_than") ? timeOf(value, nowMs) : value] as const;
  });
  return Object.fromEntries(entries) as LetterFilter;
};

/**
 * What to ask the API for. @throws CliError when nothing says which letters are meant
 */
export const selectionFrom = (
  ids: readonly string[],
  { queue, filter, all }: SelectionOptions,
  nowMs: number,
): Pick<RedriveRequest, "queue" | "message_ids" | "filter" | "all"> => {
  if (ids.length === 0 && filter === undefined && !all) {
    throw new CliError(EXIT.USAGE, "Say which letters: their ids, --filter name=value, or --queue NAME --all.");
  }
  return {
    ...(queue === undefined ? {} : { queue: LetterQueueSchema.parse(queue) }),
    ...(ids.length === 0 ? {} : { message_ids: [...ids] }),
    ...(filter === undefined ? {} : { filter: filterOf(filter, nowMs) }),
    ...(all ? { all: true as const } : {}),
  };
};
