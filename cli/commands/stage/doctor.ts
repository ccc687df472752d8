import { type Command, Option } from "commander";
import { CHECK_NAMES, type SourceCheck } from "../../../lambdas/common/core/contract/operations/probes.ts";
import { SOURCE_IDS } from "../../../lambdas/common/core/source-ids.ts";
import type { ConcurrencyAdvice } from "../../aws/concurrency-advice.ts";
import { EXIT, type ExitCode } from "../../cli-error.ts";
import { type Examination, examineDeployment } from "../../credentials/examine-deployment.ts";
import type { StackCheck } from "../../credentials/examine-stack.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";

interface DoctorOptions extends CommonOptions, Examination {}

const word = (check: SourceCheck, name: (typeof CHECK_NAMES)[number]): string => {
  const found = check.checks.find((step) => step.name === name);
  return found === undefined ? "-" : found.ok ? "ok" : "FAILED";
};

const print = ({ io }: Session, checks: readonly SourceCheck[], stack: readonly StackCheck[]): void => {
  const rows = checks.map((check) => [
    check.source,
    ...CHECK_NAMES.map((name) => word(check, name)),
    check.state,
    check.marketplace ?? "-",
    check.reason,
  ]);
  io.out(formatTable(["source", ...CHECK_NAMES, "state", "shop asked", "what was found"], rows));
  for (const { ok, source, reason, next_step } of checks) {
    if (!ok) io.out(`\n${io.paint("red", source)}: ${reason}\n  What to do: ${next_step}\n`);
  }
  if ([...checks, ...stack].every(({ ok }) => ok)) io.out(`\n${io.paint("green", "All is well.")}\n`);
};

const printAccount = ({ io }: Session, { ok, reason, next_step }: ConcurrencyAdvice): void => {
  io.out(`\n${ok ? "AWS account:" : io.paint("yellow", "AWS account, a warning:")} ${reason}\n`);
  if (next_step) io.out(`  What to do: ${next_step}\n`);
};

const printStack = ({ io }: Session, stack: readonly StackCheck[]): void => {
  for (const { name, ok, reason, next_step } of stack) {
    io.out(`\n${ok ? `${name}:` : io.paint("red", `${name}, FAILED:`)} ${reason}\n`);
    if (next_step) io.out(`  What to do: ${next_step}\n`);
  }
};

const examine = async (session: Session, options: DoctorOptions): Promise<ExitCode> => {
  const { io, json } = session;
  const { sources: checks, account, stack } = await examineDeployment(session, options);
  if (json) printJson(io, { sources: checks, account, stack });
  else if (checks.length === 0) {
    io.out('No source is enabled: add one to the stage\'s "sources" in cdk.json and deploy.\n');
  } else print(session, checks, stack);
  if (!json && account !== null) printAccount(session, account);
  if (!json) printStack(session, stack);
  return checks.length > 0 && [...checks, ...stack].every(({ ok }) => ok) ? EXIT.OK : EXIT.SOME_FAILED;
};

/** Adds `doctor`. */
export const addDoctor = (program: Command, run: RunCommand): void => {
  program
    .command("doctor")
    .description(
      "test every source by one call, the account for room, and the stack: API, alarms, dead letters, schedules; say what to do",
    )
    .addOption(new Option("--source <source>", "test only this one").choices([...SOURCE_IDS]))
    .option("--marketplace <shop>", "shop to ask about, such as amazon.de")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<DoctorOptions>();
      await run(options, (session) => examine(session, options));
    });
};
