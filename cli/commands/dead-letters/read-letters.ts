import { type Command, Option } from "commander";
import type * as z from "zod";
import {
  type DeadLetterDetail,
  DeadLetterDetailSchema,
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
import { filterOf, filterOption, queueOption } from "./letter-filter.ts";

interface ListOptions extends CommonOptions {
  readonly queue?: string;
  readonly state?: string;
  readonly filter?: readonly string[];
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

/** A body for a person: indented where it is JSON. Control characters could steer the terminal. */
const readable = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // No JSON: it is shown as it came.
    return [...body].map((one) => (/\p{Cc}|\p{Cf}/u.test(one) && one !== "\n" ? " " : one)).join("");
  }
};

const printDetail = (io: Io, letter: DeadLetterDetail): void => {
  const { log, error } = letter;
  const line = (name: string, value: string | null): string[] =>
    value === null || value === "" ? [] : [`${name.padEnd(12)}${value}`];
  const logs =
    log.log_group === null
      ? null
      : `aws logs tail ${log.log_group} --since 14d --filter-pattern '${log.filter_pattern}'`;
  const lines = [
    ...line("message", letter.message_id),
    ...line("queue", letter.queue),
    ...line("state", letter.outcome === null ? letter.state : `${letter.state}: ${letter.outcome}`),
    ...line("error", `${error.code}: ${error.message}`),
    ...line("deliveries", String(letter.receive_count)),
    ...line("sent", formatMoment(letter.sent_at, io.now())),
    ...line("found", formatMoment(letter.dead_at, io.now())),
    ...line("catalog", letter.catalog_id),
    ...line("batch", letter.batch_id),
    ...line("products", letter.asins.join(" ")),
    ...line("correlation", letter.correlation_id),
    ...line("redriven", letter.redrives === 0 ? null : `${letter.redrives} times`),
    ...line("logs", log.url ?? logs),
    ...line("advice", letter.advice),
  ];
  io.out(`${lines.join("\n")}\n\n${readable(letter.body)}\n`);
};

/** Adds `dlq list` and `dlq show`. */
export const addReadLetters = (dlq: Command, run: RunCommand): void => {
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
  const show = dlq
    .command("show")
    .argument("<message>", "its id, as enrichline dlq list shows it")
    .description("one dead letter: its error, its products, its body and where its log lines are");
  showAnswer(show, run, {
    ask: ({ operatorApi }, _: CommonOptions, [id = ""]) =>
      operatorApi.call({
        path: `/operations/dead-letters/${encodeURIComponent(id)}`,
        answer: DeadLetterDetailSchema,
      }),
    print: printDetail,
  });
};
