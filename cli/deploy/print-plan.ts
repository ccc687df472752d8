import { arePricesStale } from "../../lambdas/common/core/cost/list-prices.ts";
import { formatTable } from "../output/format-table.ts";
import type { Io } from "../output/io.ts";
import type { DeployCheck } from "./deploy-check.ts";
import type { FixedCosts } from "./fixed-costs.ts";
import { concernsState, losesState, type ResourceChange } from "./stack-change.ts";

const COLOURS = { ok: "green", warning: "yellow", failed: "red" } as const;

/** Says how a check ended, and what to do. */
export const printCheck = (io: Io, { name, state, reason, next_step }: DeployCheck): void => {
  io.err(`  ${io.paint(COLOURS[state], state.padEnd(8))}${name}: ${reason}\n`);
  if (next_step) io.err(`          What to do: ${next_step}\n`);
};

/** Says what the stage costs a month before it does anything, line by line. */
export const printCosts = (io: Io, { lines, usd, pricesOf }: FixedCosts): void => {
  io.err(`\nFixed costs a month, by list prices of ${pricesOf.region} read on ${pricesOf.read_on}:\n`);
  const rows = lines.map(({ what, count, usd: price, note }) => [
    price === null ? "by use" : `$${price.toFixed(2)}`,
    count === 0 ? what : `${count} ${what}`,
    note,
  ]);
  rows.push([`$${usd.toFixed(2)}`, "together", "and what is used: requests, storage, logs"]);
  io.err(formatTable(["dollars", "for", "how"], rows));
  if (arePricesStale(io.now())) io.err("These prices are old; compare them with AWS's pages.\n");
};

const ACTIONS: readonly ResourceChange["action"][] = [
  "added",
  "changed",
  "may be replaced",
  "replaced",
  "removed",
  "kept",
];

const counted = (changes: readonly ResourceChange[]): string =>
  ACTIONS.flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${action}`];
  }).join(", ");

const row = ({ action, type, logicalId, properties }: ResourceChange): string[] => [
  action,
  type,
  logicalId,
  properties.join(", "),
];

/** Says what changes: what loses or leaves data first, then each stack by counts, then all that is not new. */
export const printChanges = (io: Io, changes: readonly ResourceChange[]): void => {
  io.err("\nWhat changes:\n");
  if (changes.length === 0) io.err("  No resource changes.\n");
  const first = changes.filter(concernsState);
  for (const change of first) {
    const { action, type, logicalId, properties, stack } = change;
    const why = properties.length === 0 ? "" : ` (${properties.join(", ")})`;
    const means = losesState(change)
      ? "what it holds is lost or left behind"
      : "it leaves the stack and stays in the account, with what it holds";
    io.err(
      `  ${io.paint(losesState(change) ? "red" : "yellow", action)} ${type} ${logicalId} of ${stack}${why}: ${means}\n`,
    );
  }
  for (const [stack, own] of Map.groupBy(changes, (change) => change.stack)) io.err(`  ${stack}: ${counted(own)}\n`);
  const rest = changes.filter((change) => !concernsState(change) && change.action !== "added");
  if (rest.length > 0) io.err(`\n${formatTable(["action", "type", "resource", "properties"], rest.map(row))}`);
};
