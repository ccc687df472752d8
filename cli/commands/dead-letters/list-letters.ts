import { type Command, Option } from "commander";
import type * as z from "zod";
import {
  DeadLetterPageSchema,
  type DeadLetterView,
} from "../../../lambdas/common/core/contract/operations/dead-letters.ts";
import { LetterStateSchema } from "../../../lambdas/common/core/dead-letters/letter.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import type { CommonOptions, RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";
import { type FilterTerm, filterOf, filterOption, queueOption } from "./letter-filter.ts";

interface ListOptions extends CommonOptions {
  readonly queue?: string;
  readonly state?: string;
  readonly filter?: readonly FilterTerm[];
  readonly limit: string;
  readonly cursor?: string;
}

const productsOf = ({ asins }: DeadLetterView): string =>
  asins.length <= 2 ? asins.join(" ") || "-" : `${asins[0]} and ${asins.length - 1} more`;

/** Letters as a table. */
export const letterTable = (letters: readonly DeadLetterView[], nowMs: number): string => {
  const rows = letters.map((one) => [
    ...[one.message_id, one.queue, one.error.code, one.catalog_id ?? "-", productsOf(one)],
    ...[formatMoment(one.dead_at, nowMs), String(one.redrives), one.outcome ?? one.error.message],
  ]);
  return formatTable(["message", "queue", "error", "catalog", "products", "found", "redriven", "what is known"], rows);
};

const printList = (io: Io, page: z.infer<typeof DeadLetterPageSchema>): void => {
  if (page.items.length === 0 && page.next_cursor === null) io.out("No dead letters.\n");
  else io.out(letterTable(page.items, io.now()));
  io.err(`Open in all: ${page.approximate_total.toLocaleString("en")}${page.complete ? "" : " at least"}\n`);
  io.err(moreHint(page.next_cursor));
};

/** Adds `dlq list`. */
export const addListLetters = (dlq: Command, run: RunCommand): void => {
  const list = dlq
    .command("list")
    .description("messages that were given up, newest first; listing changes nothing")
    .addOption(queueOption())
    .addOption(filterOption())
    .addOption(
      new Option("--state <state>", "only letters in this state (default: open)").choices(LetterStateSchema.options),
    )
    .addOption(limitOption())
    .addOption(cursorOption());
  showAnswer(list, run, {
    ask: ({ io, operatorApi }, { queue, state, filter = [], limit, cursor }: ListOptions) =>
      operatorApi.call({
        path: "/operations/dead-letters",
        query: { queue, state, ...filterOf(filter, io.now()), limit, cursor },
        answer: DeadLetterPageSchema,
      }),
    print: printList,
  });
};
