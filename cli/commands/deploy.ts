import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { concurrencyAdvice } from "../aws/concurrency-advice.ts";
import { CliError, EXIT, type ExitCode } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import type { CommonOptions, RunWithoutTarget } from "../run-command.ts";
import { awsConfigOf } from "../target/stage-target.ts";

/** Where `cdk.json` is. */
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const CDK = join(REPOSITORY, "node_modules", "aws-cdk", "bin", "cdk");

/** Says what the account lacks, on stderr. What cannot be read is said too: the deploy itself went well. */
const warnOfConcurrency = async (io: Io, stage: string, config: ReturnType<typeof awsConfigOf>): Promise<void> => {
  const { readAccountConcurrency } = await import("../aws/account-concurrency.ts");
  try {
    const { ok, reason, next_step } = concurrencyAdvice(stage, await readAccountConcurrency({ stage, config }));
    if (!ok) io.err(`\n${io.paint("yellow", "warning:")} ${reason}\n  What to do: ${next_step}\n`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    io.err(`\nWhether the account runs enough functions at once could not be read: ${error.message}\n`);
  }
};

const deploy = async (io: Io, { stage, profile }: CommonOptions, extra: readonly string[]): Promise<ExitCode> => {
  if (stage === undefined || stage === "local") {
    throw new CliError(
      EXIT.USAGE,
      "Name the stage to deploy with --stage, such as dev. The local stack starts with: npm run local",
    );
  }
  if (!existsSync(CDK)) {
    throw new CliError(EXIT.USAGE, `The CDK is not installed in ${REPOSITORY}. Run there: npm ci`);
  }
  const config = awsConfigOf(io.env, profile);
  const { unlockFailedFirstDeploy } = await import("../aws/failed-first-deploy.ts");
  if (await unlockFailedFirstDeploy(stage, config)) {
    io.err(`The first deploy of stage ${stage} was rolled back: its empty data stack is removed and made again.\n`);
  }
  const options = ["-c", `stage=${stage}`, ...(profile === undefined ? [] : ["--profile", profile]), ...extra];
  const code = await io.run(process.execPath, [CDK, "deploy", "--all", ...options], REPOSITORY);
  if (code !== 0) {
    throw new CliError(
      EXIT.UNAVAILABLE,
      'The deploy did not succeed; the lines above say why. What CloudFormation refuses is explained in docs/runbook.md, "A deploy is refused".',
    );
  }
  await warnOfConcurrency(io, stage, config);
  return EXIT.OK;
};

/** Adds `deploy`. */
export const addDeploy = (program: Command, run: RunWithoutTarget): void => {
  program
    .command("deploy")
    .description("deploy a stage to your AWS account, and warn of what the account lacks for it")
    .argument("[cdk options...]", "passed on to cdk deploy, after --")
    .action(async (extra: string[], _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await run(options, (io) => deploy(io, options, extra));
    });
};
