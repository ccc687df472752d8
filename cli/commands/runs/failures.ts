import type { Command } from "commander";
import { FailureGroupListSchema } from "../../../lambdas/common/core/contract/operations/failure-groups.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { FailureSchema } from "../../../lambdas/common/core/contract/runs/failures.ts";
import { inPath } from "../../api/in-path.ts";
import { EXIT, type ExitCode } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { printJson, type RunCommand, type Session } from "../../run-command.ts";
import { addChangeGroup } from "../failures/change-group.ts";
import { ALL_WORDS, callerOf, type GroupOptions } from "../failures/group-calls.ts";
import { printGroups } from "../failures/print-groups.ts";
import { addTryGroup } from "../failures/try-group.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

interface FailuresOptions extends GroupOptions {
  readonly errorCode?: string;
  readonly state?: string;
  readonly limit: string;
  readonly cursor?: string;
}

const showGroups = async (session: Session, options: FailuresOptions): Promise<ExitCode> => {
  const query = { state: options.state };
  const answer = await callerOf(session, options).call({
    path: "/operations/failures",
    query,
    answer: FailureGroupListSchema,
  });
  if (session.json) printJson(session.io, answer);
  else printGroups(session.io, answer);
  return EXIT.OK;
};

const showProducts = async ({ io, api, json }: Session, id: string, options: FailuresOptions): Promise<ExitCode> => {
  const query = { error_code: options.errorCode, limit: options.limit, cursor: options.cursor };
  const path = `/catalogs/${inPath(id)}/failures`;
  const page = await api.call({ path, query, answer: pageOf(FailureSchema) });
  if (json) printJson(io, page);
  else if (page.items.length === 0 && page.next_cursor === null) io.out("No failed products.\n");
  else {
    const rows = page.items.map((item) => [
      item.asin,
      item.marketplace,
      item.retrying ? `${item.error_code} (retrying)` : item.error_code,
      item.source ?? "-",
      String(item.attempts),
      item.message,
    ]);
    io.out(formatTable(["asin", "shop", "failure", "source", "attempts", "message"], rows));
    io.err(moreHint(page.next_cursor));
  }
  return EXIT.OK;
};

/** Adds `failures`, `failures CATALOG` and the commands about failure groups. */
export const addFailures = (program: Command, run: RunCommand): void => {
  const failures = program
    .command("failures")
    .description("list what failed over all catalogs by cause, with what to do, or one catalog's failed products")
    .argument("[catalog]", "its id, as enrichline catalogs lists it")
    .option("--all", ALL_WORDS)
    .option("--state <state>", "only groups that are open, trying, resolved or ignored, or all of them")
    .option("--error-code <code>", "of a catalog: only those with this failure, such as NotFound")
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (id: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<FailuresOptions>();
      await run(options, (session) =>
        id === undefined ? showGroups(session, options) : showProducts(session, id, options),
      );
    });
  addTryGroup(failures, run);
  addChangeGroup(failures, run);
};
