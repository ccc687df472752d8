import { Command, CommanderError } from "commander";
import { CliError, EXIT } from "./cli-error.ts";
import { addFeeds } from "./commands/access/feeds.ts";
import { addKeys } from "./commands/access/keys.ts";
import { addAccount } from "./commands/account/account.ts";
import { addCredentials } from "./commands/account/credentials.ts";
import { addSignIn } from "./commands/account/sign-in.ts";
import { addUsers } from "./commands/account/users.ts";
import { addCatalogs } from "./commands/catalogs/catalogs.ts";
import { addExport } from "./commands/catalogs/export.ts";
import { addRejected } from "./commands/catalogs/rejected.ts";
import { addUpload } from "./commands/catalogs/upload.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDlq } from "./commands/dead-letters/dlq.ts";
import { addEvents } from "./commands/events/events.ts";
import { addLicence } from "./commands/licences/licence.ts";
import { addMcp } from "./commands/mcp.ts";
import { addPage } from "./commands/page.ts";
import { addHistory } from "./commands/products/history.ts";
import { addLookUp } from "./commands/products/look-up.ts";
import { addMarketplaces } from "./commands/products/marketplaces.ts";
import { addProducts } from "./commands/products/products.ts";
import { addSearch } from "./commands/products/search.ts";
import { addRefresh } from "./commands/refresh/refresh.ts";
import { addRestore } from "./commands/restore.ts";
import { addControl } from "./commands/runs/control.ts";
import { addFailures } from "./commands/runs/failures.ts";
import { addFollow } from "./commands/runs/follow.ts";
import { addRetry } from "./commands/runs/retry.ts";
import { addDeploy } from "./commands/stage/deploy.ts";
import { addDestroy } from "./commands/stage/destroy.ts";
import { addDoctor } from "./commands/stage/doctor.ts";
import { addWebhooks } from "./commands/webhooks/webhooks.ts";
import { addExamples } from "./help/examples.ts";
import { leavesOf } from "./help/leaves.ts";
import type { Io } from "./output/io.ts";
import { printJson, type RunCommand, type RunWithoutTarget, sessionOf } from "./run-command.ts";
import { resolveTarget } from "./target/resolve-target.ts";

const AFTER_HELP = `
Start with:
  enrichline upload FILE --dry-run   what the file holds and what it will take
  enrichline upload FILE             enrich it; Ctrl-C leaves it going, enrichline watch CATALOG takes it up again
  enrichline export CATALOG          your columns in your order, with what was found beside them

Exit codes: 0 ok; 1 some products failed or were cancelled, or a source needs attention; 2 wrong usage; 3 sign-in or rights;
4 not found; 5 unavailable; 130 stopped by Ctrl-C (runs and exports continue without the command).
Without --stage the local stack is used (npm run local). With it the stage is found by the outputs of its stacks, with
your AWS credentials (--profile); sign in there once with: enrichline login --stage dev
Programs use a key instead (enrichline keys create): ENRICHLINE_API_KEY, with ENRICHLINE_API_URL where there are no AWS credentials.`;

const reportFailure = (io: Io, json: boolean, error: unknown): number => {
  if (!(error instanceof CliError)) throw error;
  if (json)
    printJson(io, { error: { exit_code: error.exitCode, message: error.message, problem: error.problem ?? null } });
  io.err(`${io.paint("red", "error:")} ${error.message}\n`);
  return error.exitCode;
};

/** Whether `--json` is among the options; the parser itself may have given up before it. */
const wantsJson = (args: readonly string[]): boolean => {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).includes("--json");
};

/** The parser has written its words to stderr already; programs get the same as a document. */
const reportUsage = (io: Io, args: readonly string[], error: CommanderError): number => {
  if (error.exitCode === 0) return EXIT.OK;
  if (!wantsJson(args)) return EXIT.USAGE;
  const message =
    error.code === "commander.help"
      ? "Name a command; enrichline --help lists them."
      : error.message.replace(/^error: /, "");
  printJson(io, { error: { exit_code: EXIT.USAGE, message, problem: null } });
  return EXIT.USAGE;
};

/** What the program needs to write its help and to run a command. */
export interface ProgramParts {
  readonly io: Io;
  readonly run: RunCommand;
  readonly runWithoutTarget: RunWithoutTarget;
}

/** Every command, with its options, examples and help. Nothing runs before it is parsed. */
export const buildProgram = ({ io, run, runWithoutTarget }: ProgramParts): Command => {
  const program = new Command("enrichline")
    .description("Enriches catalogs of Amazon products within your account's limits.")
    .option("--stage <stage>", "deployment to talk to (default: local)")
    .option("--profile <profile>", "AWS profile of that deployment")
    .option("--json", "one JSON document on stdout, for programs")
    .addHelpText("after", AFTER_HELP)
    .showHelpAfterError("(enrichline --help lists everything)")
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride();
  addUpload(program, run);
  addFollow(program, run);
  addCatalogs(program, run);
  addProducts(program, run);
  addLookUp(program, run);
  addHistory(program, run);
  addSearch(program, run);
  addMarketplaces(program, run);
  addRefresh(program, run);
  addWebhooks(program, run);
  addLicence(program, run);
  addControl(program, run);
  addRejected(program, run);
  addRetry(program, run);
  addFailures(program, run);
  addExport(program, run);
  addAccount(program, run);
  addDlq(program, run);
  addRestore(program, run);
  addEvents(program, run);
  addKeys(program, run);
  addFeeds(program, run);
  addDoctor(program, run);
  addCredentials(program, run);
  addSignIn(program, run);
  addUsers(program, run);
  addDeploy(program, runWithoutTarget);
  addDestroy(program, runWithoutTarget);
  addMcp(program, runWithoutTarget);
  addPage(program, runWithoutTarget);
  addCompletion(program, runWithoutTarget);
  for (const command of leavesOf(program)) {
    // Common options may also come after the command, where people type them.
    command
      .option("--stage <stage>", "deployment to talk to (default: local)")
      .option("--profile <profile>", "AWS profile of that deployment")
      .option("--json", "one JSON document on stdout, for programs");
  }
  addExamples(program);
  return program;
};

/**
 * Runs the command line.
 * @param args without node and script
 * @returns the exit code
 * @throws only what is a bug of ours
 */
export const runCli = async (args: readonly string[], io: Io): Promise<number> => {
  let exitCode: number = EXIT.OK;
  const runWithoutTarget: RunWithoutTarget = async (options, command) => {
    try {
      exitCode = await command(io);
    } catch (error) {
      exitCode = reportFailure(io, options.json ?? false, error);
    }
  };
  const run: RunCommand = (options, command) =>
    runWithoutTarget(options, async () => {
      const target = await resolveTarget(io, options);
      io.err(`${io.paint("dim", `target: ${target.name} (${target.apiUrl})`)}\n`);
      return command(sessionOf(io, target, options.json ?? false));
    });

  const program = buildProgram({ io, run, runWithoutTarget });

  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return reportUsage(io, args, error);
  }
  return exitCode;
};
