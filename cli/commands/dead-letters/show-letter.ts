import type { Command } from "commander";
import * as z from "zod";
import {
  type DeadLetterDetail,
  DeadLetterDetailSchema,
} from "../../../lambdas/common/core/contract/operations/dead-letters.ts";
import { parseJson } from "../../../lambdas/common/core/parse-json.ts";
import { inPath } from "../../api/in-path.ts";
import { CliError } from "../../cli-error.ts";
import { formatMoment } from "../../output/format-moment.ts";
import type { Io } from "../../output/io.ts";
import { withoutControls } from "../../output/without-controls.ts";
import type { CommonOptions, RunCommand, Session } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";

/** What the command answers: a letter, and what its consumer said of it, which only the log knows. */
const ShownLetterSchema = DeadLetterDetailSchema.extend({
  last_failure: z
    .object({ at: z.iso.datetime(), error: z.string() })
    .nullable()
    .describe("What its consumer said when it failed with it the last time; null: nothing was found."),
  last_failure_unread: z
    .string()
    .nullable()
    .describe("Why that could not be read; null when the log was read, or there is none."),
});
type ShownLetter = z.infer<typeof ShownLetterSchema>;

/** The log is read with the person's own rights in AWS: no function of ours may read logs. */
const withLastFailure = async ({ target }: Session, letter: DeadLetterDetail): Promise<ShownLetter> => {
  if (letter.log.log_group === null) return { ...letter, last_failure: null, last_failure_unread: null };
  try {
    const { lastFailure } = await import("../../aws/last-failure.ts");
    const found = await lastFailure(await target.aws(), letter, target.deployedStage !== undefined);
    return { ...letter, last_failure: found ?? null, last_failure_unread: null };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { ...letter, last_failure: null, last_failure_unread: error.message };
  }
};

const plain = (text: string): string => withoutControls(text, "\n");

/** A body for a person: indented where it is JSON. */
const readable = (body: string): string => {
  const value = parseJson(body);
  return value === undefined ? plain(body) : JSON.stringify(value, null, 2);
};

const line = (name: string, value: string | null): string[] =>
  value === null || value === "" ? [] : [`${name.padEnd(12)}${value}`];

/** A query for CloudWatch Logs Insights that finds why deliveries failed. */
const insightsQuery = ({ message_id, batch_id }: DeadLetterDetail): string => {
  const batch = batch_id === null ? "" : ` or batch_id = "${batch_id.replaceAll('"', "")}"`;
  return `fields @timestamp, message, error | filter message_id = "${message_id}"${batch} | sort @timestamp desc`;
};

/** What its consumer said at the last delivery, or how to find it. */
const failureLines = (letter: ShownLetter, nowMs: number): string[] => {
  const { last_failure, last_failure_unread, log } = letter;
  if (last_failure) return line("consumer", `${plain(last_failure.error)} (${formatMoment(last_failure.at, nowMs)})`);
  if (log.log_group === null) return [];
  const why =
    last_failure_unread ?? "its log has no line of a failure: the worker died with it, or the line is too old";
  return [...line("consumer", why), ...line("query", `${insightsQuery(letter)} (log group ${log.log_group})`)];
};

const printDetail = (io: Io, letter: ShownLetter): void => {
  const { log, error } = letter;
  const logs =
    log.log_group === null
      ? null
      : `aws logs tail ${log.log_group} --since 14d --filter-pattern '${log.filter_pattern}'`;
  const lines = [
    ...line("message", letter.message_id),
    ...line("queue", letter.queue),
    ...line("state", letter.outcome === null ? letter.state : `${letter.state}: ${letter.outcome}`),
    ...line("error", `${error.code}: ${error.message}`),
    ...failureLines(letter, io.now()),
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

/** Adds `dlq show`. */
export const addShowLetter = (dlq: Command, run: RunCommand): void => {
  const show = dlq
    .command("show")
    .argument("<message>", "its id, as enrichline dlq list shows it")
    .description(
      "one dead letter: its error, what its consumer said last, its products, its body and where its log lines are",
    );
  showAnswer(show, run, {
    ask: async (session, _: CommonOptions, [id = ""]) => {
      const path = `/operations/dead-letters/${inPath(id)}`;
      return withLastFailure(session, await session.operatorApi.call({ path, answer: DeadLetterDetailSchema }));
    },
    print: printDetail,
  });
};
