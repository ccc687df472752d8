import type { Command } from "commander";
import { NOT_RESTORABLE, RESTORABLE } from "../aws/restore/restorable-tables.ts";
import { CliError, EXIT, type ExitCode } from "../cli-error.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../run-command.ts";

interface RestoreCommandOptions extends CommonOptions {
  readonly from: string;
  readonly whole?: boolean;
  readonly apply?: boolean;
}

const AFTER_HELP = `
AWS restores a table beside the one that a stage uses; this command compares the two and puts the rows of the copy back. Stop what
writes first: docs/operations/backup.md says how, in which order, and what each table needs. Nothing is written without --apply.

  enrichline restore enrichment-status --stage prod --from restored-status
  enrichline restore enrichment-status --stage prod --from restored-status --whole --apply`;

const checkTable = (table: string, whole: boolean): void => {
  const known = RESTORABLE[table];
  if (!known) {
    const reason = NOT_RESTORABLE[table];
    throw new CliError(
      EXIT.USAGE,
      reason === undefined
        ? `There is no table ${table}. These can be restored: ${Object.keys(RESTORABLE).join(", ")}.`
        : `${table} cannot be restored. ${reason}`,
    );
  }
  if (whole && !known.whole) {
    throw new CliError(
      EXIT.USAGE,
      `${table} cannot be put back as a whole: what was revoked since would be allowed again. Leave out --whole, and missing rows come back.`,
    );
  }
};

const restore = async (
  { io, target, json }: Session,
  table: string,
  { from, whole = false, apply = false }: RestoreCommandOptions,
): Promise<ExitCode> => {
  checkTable(table, whole);
  const { restoreTable } = await import("../aws/restore/restore-table.ts");
  const plan = await restoreTable(await target.aws(), { table, from, whole, apply });
  if (json) {
    printJson(io, { table, from, whole, applied: apply, rows: plan });
    return EXIT.OK;
  }
  const { missing, changed, newer } = plan;
  io.out(`Rows that only ${from} has: ${missing}${apply ? ", put back" : ""}\n`);
  io.out(`Rows that differ: ${changed}${whole && apply ? ", put back" : whole ? "" : ", left as they are"}\n`);
  io.out(`Rows that only the table has: ${newer}${whole && apply ? ", removed" : whole ? "" : ", left as they are"}\n`);
  if (!apply) io.out("Nothing was written. Repeat it with --apply.\n");
  return EXIT.OK;
};

/** Adds `restore`. */
export const addRestore = (program: Command, run: RunCommand): void => {
  program
    .command("restore")
    .description("put rows of a restored copy back into a table (with AWS credentials)")
    .argument("<table>", `one of ${Object.keys(RESTORABLE).join(", ")}`)
    .requiredOption("--from <table>", "name of the copy that AWS restored")
    .option("--whole", "also put back rows that changed, and remove rows that came since")
    .option("--apply", "write; without it the differences are only shown")
    .addHelpText("after", AFTER_HELP)
    .action(async (table: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<RestoreCommandOptions>();
      await run(options, (session) => restore(session, table, options));
    });
};
