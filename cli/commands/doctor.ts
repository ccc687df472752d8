import { type Command, Option } from "commander";
import { CHECK_NAMES, type SourceCheck } from "../../lambdas/common/core/contract/operations/probes.ts";
import { QuotaSchema } from "../../lambdas/common/core/contract/operations/quota.ts";
import { SOURCE_IDS, type SourceId } from "../../lambdas/common/core/source-ids.ts";
import { EXIT, type ExitCode } from "../cli-error.ts";
import { testSource } from "../credentials/test-source.ts";
import { formatTable } from "../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../run-command.ts";

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

const examine = async (session: Session, options: DoctorOptions): Promise<ExitCode> => {
  const { io, api, operatorApi, json } = session;
  const enabled = (await api.call({ path: "/quota", answer: QuotaSchema })).sources.map(({ source }) => source);
  const chosen = options.source === undefined ? enabled : [options.source];
  if (!json && chosen.length > 0) io.err(`Making one call to each of ${chosen.join(", ")} …\n`);
  const checks = await Promise.all(chosen.map((source) => testSource(operatorApi, source, options.marketplace)));
  if (json) printJson(io, { sources: checks });
  else if (checks.length === 0) {
    io.out('No source is enabled: add one to the stage\'s "sources" in cdk.json and deploy.\n');
  } else print(session, checks);
  return checks.length > 0 && checks.every(({ ok }) => ok) ? EXIT.OK : EXIT.SOME_FAILED;
};

/** Adds `doctor`. */
export const addDoctor = (program: Command, run: RunCommand): void => {
  program
    .command("doctor")
    .description("test every source by one call to it, and say what to do where it fails; for operators")
    .addOption(new Option("--source <source>", "test only this one").choices([...SOURCE_IDS]))
    .option("--marketplace <shop>", "shop to ask about, such as amazon.de")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<DoctorOptions>();
      await run(options, (session) => examine(session, options));
    });
};
