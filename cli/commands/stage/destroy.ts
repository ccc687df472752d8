import type { Command } from "commander";
import type { NotDeleted } from "../../aws/destroy/delete-data.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import { type Losses, printLosses } from "../../destroy/print-losses.ts";
import type { Io } from "../../output/io.ts";
import { wireNames } from "../../output/wire-names.ts";
import { type CommonOptions, printJson, type RunWithoutTarget } from "../../run-command.ts";
import { placeOf } from "../../target/stage-place.ts";
import { awsConfigOf, inRegion } from "../../target/stage-target.ts";
import { stageToWorkOn } from "./stage-argument.ts";

interface DestroyOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly deleteData?: boolean;
  readonly confirm?: string;
}

/** Where the stage is, by its settings, and that these credentials are of that account. */
const configOf = async (io: Io, stage: string, profile: string | undefined) => {
  const { callerIdentity } = await import("../../aws/deploy/caller-identity.ts");
  const place = await placeOf(stage);
  const config = inRegion(awsConfigOf(io.env, profile), place.region);
  const caller = await callerIdentity(config);
  if (place.account !== undefined && place.account !== caller.account) {
    throw new CliError(
      EXIT.AUTH,
      `These AWS credentials are of account ${caller.account}, but stage ${stage} belongs to account ${place.account}: name a profile of that account with --profile. Nothing was destroyed.`,
    );
  }
  return { config, caller };
};

const findLosses = async (io: Io, stage: string, { profile, deleteData = false }: DestroyOptions) => {
  const { config, caller } = await configOf(io, stage, profile);
  const { findStacks, findWhatGoes } = await import("../../aws/destroy/stage-stacks.ts");
  const { findData } = await import("../../aws/destroy/find-data.ts");
  const { measureData } = await import("../../aws/destroy/measure-data.ts");
  const stacks = await findStacks(config, stage);
  const [goes, data] = await Promise.all([findWhatGoes(config, stacks), findData(config, stage)]);
  const measured = await measureData(config, data, goes);
  const stays = measured.filter(({ leavesWithStack }) => !leavesWithStack);
  const kept = deleteData ? [] : stays;
  const losses: Losses = {
    ...{ stage, account: caller.account, region: caller.region },
    stacks: stacks.map(({ name }) => name),
    deleted: deleteData ? measured : measured.filter(({ leavesWithStack }) => leavesWithStack),
    kept,
    keptUsd: Math.round(kept.reduce((sum, { usd }) => sum + usd, 0) * 100) / 100,
  };
  return { config, stacks, stays, losses };
};

/** @throws CliError USAGE unless the name of the stage is given once more */
const makeSure = async (io: Io, stage: string, confirm: string | undefined): Promise<void> => {
  if (confirm === undefined && !io.canAsk) {
    throw new CliError(
      EXIT.USAGE,
      `Nobody can be asked whether to destroy this. Look at it with --dry-run, then add --confirm ${stage}`,
    );
  }
  const typed = confirm ?? (await io.ask(`\nType the name of the stage to destroy it: `));
  if (typed.trim() === stage) return;
  throw new CliError(EXIT.USAGE, `That is not "${stage}". Nothing was destroyed.`);
};

const destroy = async (io: Io, options: DestroyOptions, argument: string | undefined): Promise<ExitCode> => {
  const { json = false, deleteData = false, dryRun = false } = options;
  const stage = stageToWorkOn("destroy", argument, options.stage);
  const { config, stacks, stays, losses } = await findLosses(io, stage, options);
  if (stacks.length === 0 && stays.length === 0) {
    throw new CliError(
      EXIT.NOT_FOUND,
      `There is nothing of stage ${stage} in account ${losses.account} in ${losses.region}. If it is elsewhere, name the account with --profile and the region with AWS_REGION.`,
    );
  }
  printLosses(io, losses);
  const report = (destroyed: boolean, left: readonly NotDeleted[] = []): void => {
    if (json) printJson(io, wireNames({ ...losses, destroyed, notDeleted: left }));
  };
  if (dryRun || (stacks.length === 0 && !deleteData)) {
    report(false);
    io.err(
      dryRun ? "\nDry run: nothing was destroyed.\n" : "\nThe stacks are gone already; nothing more was destroyed.\n",
    );
    return EXIT.OK;
  }
  await makeSure(io, stage, options.confirm);
  const { deleteStacks } = await import("../../aws/destroy/stage-stacks.ts");
  await deleteStacks(io, config, stage, stacks);
  const left: NotDeleted[] = [];
  if (deleteData) {
    const { deleteData: deleteForGood } = await import("../../aws/destroy/delete-data.ts");
    left.push(...(await deleteForGood(io, config, stays)));
  }
  report(left.length === 0, left);
  for (const { problem } of left) io.err(`${io.paint("red", "not deleted:")} ${problem}\n`);
  if (left.length > 0) {
    io.err(`Stage ${stage} is not wholly destroyed. Correct that, then run the same command again; it continues.\n`);
    return EXIT.SOME_FAILED;
  }
  io.err(`Stage ${stage} is destroyed${losses.kept.length > 0 ? "; what is named above stays" : ""}.\n`);
  return EXIT.OK;
};

/** Adds `destroy`. */
export const addDestroy = (program: Command, run: RunWithoutTarget): void => {
  program
    .command("destroy")
    .description("say what a stage holds, ask, and delete its stacks; data stays unless --delete-data says otherwise")
    .argument("[stage]", "stage to destroy, such as dev")
    .option("--dry-run", "only say what would be lost and what would stay")
    .option("--delete-data", "delete tables, files, users, secrets, queues and logs, too; nothing brings them back")
    .option("--confirm <stage>", "name of the stage once more instead of typing it, for scripts")
    .action(async (argument: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<DestroyOptions>();
      await run(options, (io) => destroy(io, options, argument));
    });
};
