import { formatTable } from "../output/format-table.ts";
import type { Io } from "../output/io.ts";
import type { MeasuredResource } from "./kept-data.ts";

/** What a destroy takes away and what it leaves. */
export interface Losses {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly string[];
  /** Data that is deleted. */
  readonly deleted: readonly MeasuredResource[];
  /** Data that stays in the account. */
  readonly kept: readonly MeasuredResource[];
  /** Dollars a month that what is kept costs, by list prices. */
  readonly keptUsd: number;
}

/** Kinds of which there are many that say little one by one. */
const isMinor = ({ kind, holds }: MeasuredResource): boolean =>
  kind === "log group" || (kind === "queue" && holds === "0 messages");

const table = (resources: readonly MeasuredResource[]): string => {
  const rows = resources.filter((resource) => !isMinor(resource)).map(({ kind, id, holds }) => [kind, holds, id]);
  for (const [kind, minor] of Map.groupBy(resources.filter(isMinor), (resource) => resource.kind)) {
    rows.push([kind, kind === "queue" ? "no messages" : "logs", `${minor.length} of them`]);
  }
  return formatTable(["what", "holds", "name"], rows);
};

/** Says what is lost, what stays, and what that goes on costing. */
export const printLosses = (io: Io, { stage, account, region, stacks, deleted, kept, keptUsd }: Losses): void => {
  io.err(`Stage ${stage} of account ${account} in ${region}\n`);
  if (stacks.length > 0) {
    io.err(
      `\nThese stacks go, with their functions, addresses of the API, alarms, dashboard, and the bus with its archive:\n`,
    );
    for (const name of stacks) io.err(`  ${name}\n`);
  }
  if (deleted.length > 0) io.err(`\n${io.paint("red", "This is deleted for good:")}\n${table(deleted)}`);
  if (kept.length === 0) return;
  io.err(
    `\nThis stays in the account, and costs about $${keptUsd.toFixed(2)} a month by list prices, beside backups:\n${table(kept)}`,
  );
  if (kept.some(({ kind }) => kind === "secret")) {
    io.err(`While the secrets stay, stage ${stage} cannot be deployed anew under its name.\n`);
  }
  io.err(`To delete it too: enrichline destroy ${stage} --delete-data\n`);
};
