import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import {
  type FailureGroupDetail,
  FailureGroupDetailSchema,
  TrialPreviewSchema,
} from "../../../lambdas/common/core/contract/operations/failure-groups.ts";
import { type TrialSize, TrialSizeSchema } from "../../../lambdas/common/core/failures/trial.ts";
import type { ApiClient } from "../../api/api-client.ts";
import { jsonBody } from "../../api/json-body.ts";
import { pause } from "../../api/poll.ts";
import { EXIT, type ExitCode } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import { lineShower } from "../../output/line-shower.ts";
import { printJson, type RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { ALL_WORDS, callerOf, type GroupOptions, groupPath, postGroup, readGroup } from "./group-calls.ts";
import { printNext, trialLine } from "./print-groups.ts";

interface TryOptions extends GroupOptions {
  readonly dryRun?: boolean;
}

const sizeOf = (text: string): TrialSize => {
  const size = TrialSizeSchema.safeParse(text === "all" ? text : Number(text));
  if (!size.success) throw new InvalidArgumentError("Try 1, 10 or all.");
  return size.data;
};

/** Shows a trial on stderr until its outcomes are in, or the user presses Ctrl-C, which leaves it going. */
const follow = async (io: Io, api: ApiClient, first: FailureGroupDetail): Promise<FailureGroupDetail> => {
  let group = first;
  const show = lineShower(io);
  for (;;) {
    show(group.trial ? trialLine(group.trial) : "");
    if (group.trial?.state !== "running" || io.interrupted.aborted) {
      if (io.live) io.err("\n");
      return group;
    }
    await pause(io);
    if (!io.interrupted.aborted) group = await readGroup(api, first.group_id);
  }
};

const preview = async (io: Io, api: ApiClient, groupId: string, size: TrialSize, json: boolean): Promise<ExitCode> => {
  const path = `${groupPath(groupId)}/try`;
  const body = jsonBody({ size, dry_run: true });
  const answer = await api.call({ method: "POST", path, ...body, answer: TrialPreviewSchema });
  if (json) printJson(io, answer);
  else {
    io.out(`Would try ${size} of ${answer.count} products, these first:\n\n`);
    const rows = answer.first_part.map(({ asin, marketplace, catalog_id }) => [asin, marketplace, catalog_id]);
    io.out(formatTable(["product", "shop", "catalog"], rows));
  }
  return EXIT.OK;
};

const exitCodeOf = ({ trial }: FailureGroupDetail): ExitCode =>
  trial && trial.failed_again + trial.ended_otherwise > 0 ? EXIT.SOME_FAILED : EXIT.OK;

/** Adds `failures try` and `failures stop`. */
export const addTryGroup = (failures: Command, run: RunCommand): void => {
  failures
    .command("try")
    .description("try failed products of a group again, inside their runs, and wait for their outcomes")
    .argument("<group>", "its id, as enrichline failures lists it")
    .argument("[size]", "1, 10 or all; all goes in parts and stops by itself when the group comes back", sizeOf, 1)
    .option("--all", ALL_WORDS)
    .option("--dry-run", "only say what would be tried first")
    .action(async (groupId: string, size: TrialSize, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<TryOptions>();
      await run(options, async (session) => {
        const { io, json } = session;
        const api = callerOf(session, options);
        if (options.dryRun) return preview(io, api, groupId, size, json);
        const begun = await postGroup(api, groupId, "try", { size }, { "idempotency-key": randomUUID() });
        const group = await follow(io, api, begun);
        if (json) printJson(io, group);
        if (io.interrupted.aborted) {
          io.err(`The trial continues without this window. See it with: enrichline failures show ${groupId}\n`);
          return EXIT.INTERRUPTED;
        }
        if (!json) {
          if (group.trial) io.out(`${trialLine(group.trial)}\n`);
          if (group.count === 0) io.out(`${io.paint("green", "No product of the group is failed any more.")}\n`);
          else {
            io.out(`${group.count} products are still failed.\n`);
            printNext(io, group);
          }
        }
        return exitCodeOf(group);
      });
    });
  const stop = failures
    .command("stop")
    .description("stop the trial of a group: nothing further is tried, what is pending ends by itself")
    .argument("<group>", "its id, as enrichline failures lists it")
    .option("--all", ALL_WORDS);
  showAnswer(stop, run, {
    ask: (session, options: GroupOptions, [groupId = ""]) =>
      callerOf(session, options).call({
        method: "DELETE",
        path: `${groupPath(groupId)}/try`,
        answer: FailureGroupDetailSchema,
      }),
    print: (io, { trial }) => io.out(`${trial ? trialLine(trial) : "There was no trial to stop."}\n`),
  });
};
