import type { Command } from "commander";
import { RedriveSchema, type RedriveView } from "../../../lambdas/common/core/contract/operations/redrives.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { inPath } from "../../api/in-path.ts";
import { EXIT } from "../../cli-error.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";
import { countWords, exitOf, hintAtMore, messageTable, readMessages } from "./follow-job.ts";
import { addListLetters } from "./list-letters.ts";
import { addShowLetter } from "./show-letter.ts";
import { addStartJob } from "./start-job.ts";

interface JobsOptions extends CommonOptions {
  readonly limit: string;
  readonly cursor?: string;
}

const JobPageSchema = pageOf(RedriveSchema);

/** What was asked for, in the words of the command. */
const selectionWords = ({ queue, message_ids, filter, all }: RedriveView): string =>
  [
    ...(queue === null ? [] : [`--queue ${queue}`]),
    ...(all ? ["--all"] : []),
    ...(message_ids === null ? [] : [`${message_ids.length} named`]),
    ...Object.entries(filter ?? {}).map(([name, value]) => `--filter ${name}=${value}`),
  ].join(" ");

const jobTable = (jobs: readonly RedriveView[], nowMs: number): string =>
  formatTable(
    ["job", "what", "state", "who", "when", "letters", "which"],
    jobs.map((job) => [
      ...[job.job_id, job.kind, job.stopped_by === null ? job.state : `${job.state} by ${job.stopped_by}`],
      ...[job.requested_by, formatMoment(job.requested_at, nowMs), countWords(job), selectionWords(job)],
    ]),
  );

const addJobs = (dlq: Command, run: RunCommand): void => {
  dlq
    .command("jobs")
    .description("who redrove or discarded what, newest first; with an id what came of each letter")
    .argument("[job]", "its id")
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (id: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<JobsOptions>();
      await run(options, async ({ io, operatorApi: api, json }) => {
        if (id !== undefined) {
          const view = await api.call({
            path: `/operations/redrives/${inPath(id)}`,
            answer: RedriveSchema,
          });
          const read = await readMessages(api, view.job_id);
          if (json) printJson(io, { ...view, messages: read.messages });
          else io.out(`${jobTable([view], io.now())}\n${messageTable(read.messages)}`);
          hintAtMore(io, id, read);
          return exitOf(view);
        }
        const query = { limit: options.limit, cursor: options.cursor };
        const page = await api.call({ path: "/operations/redrives", query, answer: JobPageSchema });
        if (json) printJson(io, page);
        else {
          io.out(page.items.length === 0 ? "Nothing was redriven or discarded.\n" : jobTable(page.items, io.now()));
          io.err(moreHint(page.next_cursor));
        }
        return EXIT.OK;
      });
    });
  const stop = dlq
    .command("stop")
    .argument("<job>", "its id, as enrichline dlq jobs lists it")
    .description("stop a redrive or discard; what was sent gets its outcome all the same");
  showAnswer(stop, run, {
    ask: ({ operatorApi }, _: CommonOptions, [id = ""]) =>
      operatorApi.call({
        method: "DELETE",
        path: `/operations/redrives/${inPath(id)}`,
        answer: RedriveSchema,
      }),
    print: (io, job) => io.out(`${job.job_id} is ${job.state}: ${countWords(job)}.\n`),
  });
};

/** Adds `dlq list|show|redrive|discard|jobs|stop`. */
export const addDlq = (program: Command, run: RunCommand): void => {
  const dlq = program.command("dlq").description("messages that were given up: list, redrive, discard (operators)");
  addListLetters(dlq, run);
  addShowLetter(dlq, run);
  addStartJob(dlq, run);
  addJobs(dlq, run);
};
