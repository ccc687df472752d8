import { type Command, Option } from "commander";
import { CHECK_NAMES, type SourceCheck } from "../../../lambdas/common/core/contract/operations/probes.ts";
import { QuotaSchema } from "../../../lambdas/common/core/contract/operations/quota.ts";
import { SOURCE_IDS, type SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { type ConcurrencyAdvice, concurrencyAdvice } from "../../aws/concurrency-advice.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import { testSource } from "../../credentials/test-source.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";

interface DoctorOptions extends CommonOptions {
  readonly source?: SourceId;
  readonly marketplace?: string;
}

const word = (check: SourceCheck, name: (typeof CHECK_NAMES)[number]): string => {
  const found = check.checks.find((step) => step.name === name);
  return found === undefined ? "-" : found.ok ? "ok" : "FAILED";
};

const print = ({ io }: Session, checks: readonly SourceCheck[]): void => {
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
  if (checks.every(({ ok }) => ok)) io.out(`\n${io.paint("green", "All is well.")}\n`);
};

/** What the stage's AWS account lacks; null where there is no account to read: on the local stack, or by its address alone. */
const examineAccount = async ({ target }: Session): Promise<ConcurrencyAdvice | null> => {
  if (target.deployedStage === undefined) return null;
  const { readAccountConcurrency } = await import("../../aws/account-concurrency.ts");
  try {
    const access = await target.aws();
    return concurrencyAdvice(access.stage, await readAccountConcurrency(access));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const reason = `Whether the account runs enough functions at once could not be read: ${error.message}`;
    return { ok: true, reason, next_step: "" };
  }
};

const printAccount = ({ io }: Session, { ok, reason, next_step }: ConcurrencyAdvice): void => {
  io.out(`\n${ok ? "AWS account:" : io.paint("yellow", "AWS account, a warning:")} ${reason}\n`);
  if (next_step) io.out(`  What to do: ${next_step}\n`);
};

const examine = async (session: Session, options: DoctorOptions): Promise<ExitCode> => {
  const { io, api, operatorApi, json } = session;
  const enabled = (await api.call({ path: "/quota", answer: QuotaSchema })).sources.map(({ source }) => source);
  const chosen = options.source === undefined ? enabled : [options.source];
  if (!json && chosen.length > 0) io.err(`Making one call to each of ${chosen.join(", ")} …\n`);
  const [checks, account] = await Promise.all([
    Promise.all(chosen.map((source) => testSource(operatorApi, source, options.marketplace))),
    options.source === undefined ? examineAccount(session) : null,
  ]);
  if (json) printJson(io, { sources: checks, account });
  else if (checks.length === 0) {
    io.out('No source is enabled: add one to the stage\'s "sources" in cdk.json and deploy.\n');
  } else print(session, checks);
  if (!json && account !== null) printAccount(session, account);
  return checks.length > 0 && checks.every(({ ok }) => ok) ? EXIT.OK : EXIT.SOME_FAILED;
};

/** Adds `doctor`. */
export const addDoctor = (program: Command, run: RunCommand): void => {
  program
    .command("doctor")
    .description("test every source by one call to it, and the AWS account for room; say what to do; for operators")
    .addOption(new Option("--source <source>", "test only this one").choices([...SOURCE_IDS]))
    .option("--marketplace <shop>", "shop to ask about, such as amazon.de")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<DoctorOptions>();
      await run(options, (session) => examine(session, options));
    });
};
