import { type Command, Option } from "commander";
import { type HistoryAnswer, HistoryAnswerSchema } from "../../../lambdas/common/core/contract/products/history.ts";
import { HISTORY_FIELDS } from "../../../lambdas/common/core/history/history-fields.ts";
import { inPath } from "../../api/in-path.ts";
import { EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import { plotSteps } from "../../output/plot-steps.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { marketplaceOption } from "./look-up.ts";

interface HistoryOptions extends CommonOptions {
  readonly marketplace?: string;
  readonly field?: string;
  readonly from?: string;
  readonly to?: string;
  readonly public?: boolean;
  readonly keepa?: boolean;
}

/** Newest points of a series that are listed; the plot shows all. */
const LISTED_POINTS = 12;

const plot = (io: Io, points: readonly { readonly at: string; readonly value: string | null }[], to: string): void => {
  const steps = points.map(({ at, value }) => ({
    atMs: Date.parse(at),
    value: value === null ? null : Number(value),
  }));
  for (const line of plotSteps(steps, Date.parse(to))) io.out(`${line}\n`);
};

const printKept = (io: Io, { kept, to }: HistoryAnswer): void => {
  if (kept === null) return;
  const { source, fetched_at, why, series, currency } = kept;
  io.out(`Prices that ${source} kept${fetched_at === null ? "" : `, as of ${fetched_at}`}\n`);
  if (why !== null) io.out(`${why}\n`);
  for (const { name, points, has_earlier } of series) {
    const left = points.length > LISTED_POINTS || has_earlier ? `, the newest ${LISTED_POINTS}` : "";
    io.out(`${name}: ${points.length === 1 ? "1 point" : `${points.length} points`}${left}\n`);
    plot(io, points, to);
    const rows = points
      .slice(-LISTED_POINTS)
      .map(({ at, value }) => [at, value === null ? "none" : `${value} ${currency}`]);
    io.out(formatTable(["from", "price"], rows));
  }
};

const printSeries = (io: Io, { series, to, has_earlier }: HistoryAnswer): void => {
  for (const { field, points, why } of series) {
    io.out(`${field}: ${points.length === 1 ? "1 point" : `${points.length} points`}\n`);
    if (why !== null) io.out(`${why}\n`);
    if (points.length === 0) continue;
    if (field === "current_price") plot(io, points, to);
    const rows = points.map(({ at, value, currency, source }) => [
      at,
      value === null ? "nothing known" : `${value} ${currency ?? ""}`.trim(),
      source ?? "-",
    ]);
    io.out(formatTable(["from", "value", "source"], rows));
  }
  if (has_earlier) io.err("There are earlier changes: ask for them with --to.\n");
};

/** Adds `history ASIN`. */
export const addHistory = (program: Command, run: RunCommand): void => {
  program
    .command("history")
    .description("show recorded changes of a product, where the licence of their source allows it")
    .argument("<asin>", "the product")
    .addOption(marketplaceOption())
    .addOption(new Option("--field <field>", "only this one").choices([...HISTORY_FIELDS]))
    .option("--from <time>", "begin, a time in UTC or a day, such as 2026-11-01")
    .option("--to <time>", "end")
    .option("--keepa", "with the prices that Keepa kept by itself; costs a token a day")
    .option("--public", "without what may not stand on a public site")
    .action(async (asin: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<HistoryOptions>();
      await run(options, async ({ io, api, json }) => {
        const { marketplace, field, from, to } = options;
        const path = `/products/${inPath(asin.toUpperCase())}/history`;
        const series = options.keepa ? "keepa" : undefined;
        const query = { marketplace, field, from, to, series, public: options.public ? "true" : undefined };
        const answer = await api.call({ path, query, answer: HistoryAnswerSchema });
        if (json) printJson(io, answer);
        else {
          printSeries(io, answer);
          printKept(io, answer);
        }
        return EXIT.OK;
      });
    });
};
