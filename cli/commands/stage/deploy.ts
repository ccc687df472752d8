import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import type { AwsConfig } from "../../aws/aws-access.ts";
import type { CallerIdentity } from "../../aws/deploy/caller-identity.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import { readAssembly, type StageAssembly } from "../../deploy/assembly.ts";
import { runCdk, sortCdkOptions } from "../../deploy/cdk-command.ts";
import type { DeployCheck } from "../../deploy/deploy-check.ts";
import { fixedMonthlyCosts } from "../../deploy/fixed-costs.ts";
import { printChanges, printCheck, printCosts } from "../../deploy/print-plan.ts";
import { losesState, type ResourceChange } from "../../deploy/stack-change.ts";
import type { Io } from "../../output/io.ts";
import { wireNames } from "../../output/wire-names.ts";
import { type CommonOptions, printJson, type RunWithoutTarget } from "../../run-command.ts";
import { awsConfigOf, inRegion, stageConfig } from "../../target/stage-target.ts";
import { stageToWorkOn } from "./stage-argument.ts";

interface DeployOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly allowReplacement?: boolean;
}

/** Where a deploy goes, and whose credentials take it there. */
interface Destination {
  readonly config: AwsConfig;
  readonly caller: CallerIdentity;
}

/** What a deploy will do, and whether the account is ready for it. */
interface Plan {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly checks: readonly DeployCheck[];
  readonly monthlyCosts: ReturnType<typeof fixedMonthlyCosts>;
  readonly changes: readonly ResourceChange[];
}

/** Exit codes of checks that fail. */
const FAILED_CHECK: Readonly<Partial<Record<DeployCheck["name"], ExitCode>>> = {
  identity: EXIT.AUTH,
  bootstrap: EXIT.NOT_FOUND,
};

/** @throws CliError where there are no valid AWS credentials */
const askWhoCalls = async (config: AwsConfig): Promise<Destination> => {
  const { callerIdentity } = await import("../../aws/deploy/caller-identity.ts");
  return { config, caller: await callerIdentity(config) };
};

const makePlan = async (
  io: Io,
  stage: string,
  assembly: StageAssembly,
  { config, caller }: Destination,
): Promise<Plan> => {
  const { runDeployChecks } = await import("../../aws/deploy/deploy-checks.ts");
  const { stackChanges } = await import("../../aws/deploy/stack-changes.ts");
  io.err(`Stage ${stage}\n`);
  const checks = await runDeployChecks({ stage, assembly, config, caller }, (check) => printCheck(io, check));
  const failed = checks.find(({ state }) => state === "failed");
  if (failed) {
    throw new CliError(
      FAILED_CHECK[failed.name] ?? EXIT.UNAVAILABLE,
      `${failed.reason} Nothing was deployed.\n  What to do: ${failed.next_step}`,
    );
  }
  const monthlyCosts = fixedMonthlyCosts(assembly.stacks.map(({ template }) => template));
  printCosts(io, monthlyCosts);
  const changes = await stackChanges(config, assembly.stacks);
  printChanges(io, changes);
  return { stage, account: caller.account, region: caller.region, checks, monthlyCosts, changes };
};

const refuseLosses = ({ changes }: Plan): void => {
  const lost = changes.filter(losesState);
  if (lost.length === 0) return;
  const names = lost.map(({ logicalId, action }) => `${logicalId} (${action})`).join(", ");
  throw new CliError(
    EXIT.USAGE,
    `What holds data would be replaced or removed: ${names}. Nothing was deployed. Take the change back, or, if you mean it, add --allow-replacement`,
  );
};

/** @returns whether the person agrees */
const agrees = async (io: Io, { stage, account, region }: Plan, { yes }: DeployOptions): Promise<boolean> => {
  if (yes) return true;
  if (!io.canAsk) {
    throw new CliError(
      EXIT.USAGE,
      "Nobody can be asked whether to deploy this. Look at it with --dry-run, then add --yes",
    );
  }
  const answer = await io.ask(`\nDeploy stage ${stage} to account ${account} in ${region}? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
};

const carryOut = async (
  io: Io,
  { stage, checks }: Plan,
  config: AwsConfig,
  folder: string,
  rest: readonly string[],
  { profile, json = false }: DeployOptions,
): Promise<void> => {
  if (checks.some(({ name, state }) => name === "first deploy" && state === "warning")) {
    const { unlockDataStack } = await import("../../aws/failed-first-deploy.ts");
    await unlockDataStack(stage, config);
  }
  const options = [...(profile === undefined ? [] : ["--profile", profile]), ...rest];
  // The person has seen the changes and agreed.
  const code = await runCdk(io, ["deploy", "--all", "--app", folder, "--require-approval", "never", ...options], json);
  if (code === 0) return;
  if (io.interrupted.aborted) {
    throw new CliError(
      EXIT.INTERRUPTED,
      "Interrupted. What CloudFormation has begun it ends; run the same command again to continue.",
    );
  }
  throw new CliError(
    EXIT.UNAVAILABLE,
    'The deploy did not succeed; the lines above say why. What CloudFormation refuses is explained in docs/runbook.md, "A deploy is refused".',
  );
};

const deployFrom = async (
  io: Io,
  stage: string,
  folder: string,
  options: DeployOptions,
  extra: readonly string[],
): Promise<ExitCode> => {
  const { json = false, profile } = options;
  const { context, rest } = sortCdkOptions(extra);
  // Before the synth, which takes a while.
  const asked = await askWhoCalls(await stageConfig(io.env, stage, profile));
  io.err(`Synthesizing stage ${stage} …\n`);
  if ((await runCdk(io, ["synth", "--quiet", "-c", `stage=${stage}`, ...context, "-o", folder], true)) !== 0) {
    throw new CliError(
      EXIT.USAGE,
      `Stage ${stage} cannot be synthesized; the lines above say what to correct. Nothing was deployed.`,
    );
  }
  const assembly = await readAssembly(folder);
  const config = inRegion(awsConfigOf(io.env, profile), assembly.region);
  const destination = config.region === asked.config.region ? asked : await askWhoCalls(config);
  const plan = await makePlan(io, stage, assembly, destination);
  const report = (deployed: boolean): void => {
    if (json) printJson(io, wireNames({ ...plan, deployed }));
  };
  if (options.dryRun) {
    report(false);
    if (!json) io.err("\nDry run: nothing was deployed.\n");
    return EXIT.OK;
  }
  if (!options.allowReplacement) refuseLosses(plan);
  if (!(await agrees(io, plan, options))) {
    report(false);
    io.err("Nothing was deployed.\n");
    return EXIT.OK;
  }
  await carryOut(io, plan, config, folder, rest, options);
  report(true);
  if (!json) io.err(`\nStage ${stage} is deployed. See how it is: enrichline doctor --stage ${stage}\n`);
  return EXIT.OK;
};

const deploy = async (io: Io, options: DeployOptions, args: readonly string[]): Promise<ExitCode> => {
  const [first, ...others] = args;
  // What comes after -- is the CDK's, also where the stage is named by --stage.
  const isStage = first !== undefined && !first.startsWith("-");
  const stage = stageToWorkOn("deploy", isStage ? first : undefined, options.stage);
  const folder = await mkdtemp(join(tmpdir(), "enrichline-deploy-"));
  try {
    return await deployFrom(io, stage, folder, options, isStage ? others : args);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Adds `deploy`. */
export const addDeploy = (program: Command, run: RunWithoutTarget): void => {
  const command = program.command("deploy");
  command

    .description("check the account, show costs and changes, ask, and deploy a stage to your AWS account")
    .argument("[stage]", "stage of cdk.json, such as dev")
    .argument("[cdk options...]", "passed on to the CDK, after --")
    .option("--dry-run", "stop after the changes are shown")
    .option("--yes", "do not ask, for scripts")
    .option("--allow-replacement", "also when something that holds data is replaced or removed")
    .action(async () => {
      const options = command.optsWithGlobals<DeployOptions>();
      await run(options, (io) => deploy(io, options, command.args));
    });
};
