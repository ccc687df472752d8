import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type RedrivePreview,
  RedrivePreviewSchema,
  RedriveSchema,
} from "../../../lambdas/common/core/contract/operations/redrives.ts";
import type { LetterJobKind } from "../../../lambdas/common/core/dead-letters/letter-job.ts";
import { jsonBody } from "../../api/json-body.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import type { Io } from "../../output/io.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";
import { exitOf, followJob, hintAtMore, messageTable, readMessages } from "./follow-job.ts";
import { addSelection, type SelectionOptions, selectionFrom } from "./letter-filter.ts";
import { letterTable } from "./list-letters.ts";

interface StartOptions extends CommonOptions, SelectionOptions {
  readonly limit?: number;
  readonly rate?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly wait: boolean;
}

const WORDS: Readonly<Record<LetterJobKind, { readonly path: string; readonly about: string }>> = {
  redrive: {
    path: "/operations/redrives",
    about: "send dead letters to their queues again, and say what came of each",
  },
  discard: {
    path: "/operations/discards",
    about: "discard dead letters; they are kept for 30 days",
  },
};

const number =
  (name: string, max: number) =>
  (text: string): number => {
    if (/^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`${name} must be a whole number, 1 to ${max}.`);
  };

const previewWords = (
  io: Io,
  { kind, matched, complete, cannot_be_sent, by_queue, by_error_code, sample }: RedrivePreview,
): string => {
  const counts = (list: readonly (readonly [string, number])[]): string =>
    list.map(([name, count]) => `${name} ${count}`).join(", ");
  const lines = [
    `${complete ? "" : "At least "}${matched.toLocaleString("en")} dead letters would be ${kind === "redrive" ? "redriven" : "discarded"}.`,
    ...(matched === 0 ? [] : [`  by queue: ${counts(by_queue.map(({ queue, count }) => [queue, count]))}`]),
    ...(matched === 0
      ? []
      : [`  by error: ${counts(by_error_code.map(({ error_code, count }) => [error_code, count]))}`]),
    ...(kind === "redrive" && cannot_be_sent > 0
      ? [`  ${cannot_be_sent} of them say only where records of a stream lay: they stay, discard them.`]
      : []),
  ];
  return `${lines.join("\n")}\n${sample.length === 0 ? "" : `\n${letterTable(sample, io.now())}`}`;
};

/** Asks, unless told to go ahead. @throws CliError when nobody can be asked, or the answer is no */
const confirm = async (io: Io, kind: LetterJobKind): Promise<void> => {
  if (!io.canAsk) throw new CliError(EXIT.USAGE, `Nobody can be asked here: add --yes to ${kind} them.`);
  const answer = await io.ask(`${kind === "redrive" ? "Redrive" : "Discard"} them? Type yes: `);
  if (answer.trim().toLowerCase() !== "yes") throw new CliError(EXIT.USAGE, "Nothing was changed.");
};

const start = async (
  session: Session,
  kind: LetterJobKind,
  ids: readonly string[],
  options: StartOptions,
): Promise<ExitCode> => {
  const { io, operatorApi: api, json } = session;
  const { path } = WORDS[kind];
  const asked = {
    ...selectionFrom(ids, options, io.now()),
    limit: options.limit,
    rate_per_second: options.rate,
  };
  if (options.dryRun || !options.yes) {
    const preview = await api.call({
      method: "POST",
      path,
      ...jsonBody({ ...asked, dry_run: true }),
      answer: RedrivePreviewSchema,
    });
    if (options.dryRun) {
      if (json) printJson(io, preview);
      else io.out(previewWords(io, preview));
      return EXIT.OK;
    }
    io.err(previewWords(io, preview));
    if (preview.matched === 0 && preview.complete && ids.length === 0) return EXIT.OK;
    await confirm(io, kind);
  }
  const begun = await api.call({
    ...{ method: "POST" as const, path, answer: RedriveSchema },
    ...jsonBody(asked, { "idempotency-key": randomUUID() }),
  });
  if (!options.wait) {
    if (json) printJson(io, begun);
    else io.out(`${begun.job_id} began. Follow it with: enrichline dlq jobs ${begun.job_id}\n`);
    return EXIT.OK;
  }
  const { view, how } = await followJob({ io, api }, begun);
  const read = await readMessages(api, view.job_id);
  const { messages } = read;
  if (json) printJson(io, { ...view, messages });
  else io.out(messages.length === 0 ? "No dead letter matched.\n" : messageTable(messages));
  hintAtMore(io, view.job_id, read);
  if (how !== "ended") {
    io.err(
      `It goes on without this command. See: enrichline dlq jobs ${view.job_id}; stop it with: enrichline dlq stop ${view.job_id}\n`,
    );
  }
  return how === "interrupted" ? EXIT.INTERRUPTED : exitOf(view);
};

/** Adds `dlq redrive` and `dlq discard`. */
export const addStartJob = (dlq: Command, run: RunCommand): void => {
  for (const kind of ["redrive", "discard"] as const) {
    addSelection(
      dlq
        .command(kind)
        .description(WORDS[kind].about)
        .argument("[messages...]", "ids, as enrichline dlq list shows them"),
    )
      .addOption(
        new Option("--limit <n>", "so many at most, the oldest first").argParser(number("The limit", 1_000_000)),
      )
      .addOption(new Option("--rate <n>", "so many a second at most (default: 10)").argParser(number("The rate", 50)))
      .option("--dry-run", "say what would be taken, and change nothing")
      .option("--yes", "do not ask")
      .option("--no-wait", "do not wait for the outcomes")
      .addHelpText(
        "after",
        kind === "redrive"
          ? "\nIt shows what it would take and asks. Exit code 1: some failed again, cannot be sent, or wait."
          : "",
      )
      .action(async (ids: string[], _: unknown, command: Command) => {
        const options = command.optsWithGlobals<StartOptions>();
        await run(options, (session) => start(session, kind, ids, options));
      });
  }
};
