import { type Command, InvalidArgumentError, Option } from "commander";
import type { RedriveRequest } from "../../../lambdas/common/core/contract/operations/redrives.ts";
import { LetterQueueSchema } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";
import { type LetterFilter, LetterFilterSchema } from "../../../lambdas/common/core/dead-letters/selection.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../lambdas/common/core/durations.ts";
import { CliError, EXIT } from "../../cli-error.ts";

const NAMES = Object.keys(LetterFilterSchema.shape);
const UNITS_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** One `--filter`: its name and its value. */
export type FilterTerm = readonly [name: string, value: string];

/** Options that say which letters are meant. */
export interface SelectionOptions {
  readonly queue?: string;
  readonly filter?: readonly FilterTerm[];
  readonly all?: boolean;
}

/** `2h` is a time so long ago; anything else stays as it is. */
const timeOf = (text: string, nowMs: number): string => {
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  return count === undefined ? text : new Date(nowMs - Number(count) * (UNITS_MS[unit] ?? 0)).toISOString();
};

const collectTerms = (text: string, earlier: readonly FilterTerm[] = []): FilterTerm[] => {
  const at = text.indexOf("=");
  const name = text.slice(0, at);
  if (at < 0 || !NAMES.includes(name)) {
    throw new InvalidArgumentError(`It must be <name>=<value> with one of ${NAMES.join(", ")}.`);
  }
  return [...earlier, [name, text.slice(at + 1)]];
};

/** `--queue` of every command about dead letters. */
export const queueOption = (): Option =>
  new Option("--queue <queue>", "only letters of this queue").choices(LetterQueueSchema.options);

/** `--filter`, which may be repeated. */
export const filterOption = (): Option =>
  new Option(
    "--filter <name=value>",
    `only letters with this; may be repeated. Names: ${NAMES.join(", ")}; times as ISO 8601 or as 30m, 2h, 3d ago`,
  ).argParser(collectTerms);

/** Adds the options by which letters are chosen. */
export const addSelection = (command: Command): Command =>
  command.addOption(queueOption()).addOption(filterOption()).option("--all", "all letters of --queue");

/** The filter as the API takes it. */
export const filterOf = (terms: readonly FilterTerm[], nowMs: number): LetterFilter =>
  Object.fromEntries(
    terms.map(([name, value]) => [name, name.endsWith("_than") ? timeOf(value, nowMs) : value]),
  ) as LetterFilter;

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
