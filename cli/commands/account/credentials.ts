import { Argument, type Command } from "commander";
import type { SourceCheck } from "../../../lambdas/common/core/contract/operations/probes.ts";
import {
  SECRET_SCHEMAS,
  SECRET_SOURCES,
  type SecretSource,
} from "../../../lambdas/common/core/sources/known/secret-schemas.ts";
import { problemLine, readSecret } from "../../../lambdas/common/core/sources/secrets/read-secret.ts";
import type { SecretVault, StoredSecret } from "../../aws/secret-vault.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import { askSecret } from "../../credentials/ask-secret.ts";
import { testSource } from "../../credentials/test-source.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";

interface SetOptions extends CommonOptions {
  readonly test: boolean;
}

const withVault = async <T>({ target }: Session, work: (vault: SecretVault) => Promise<T>): Promise<T> => {
  const access = await target.aws();
  const { SecretVault } = await import("../../aws/secret-vault.ts");
  const vault = new SecretVault(access);
  try {
    return await work(vault);
  } finally {
    vault.close();
  }
};

const printCheck = ({ io }: Session, check: SourceCheck): void => {
  io.out(
    `${io.paint(check.ok ? "green" : "red", check.ok ? "They work." : "They do not work yet.")} ${check.reason}\n`,
  );
  if (check.next_step) io.out(`${check.next_step}\n`);
};

const setCredentials = async (session: Session, source: SecretSource, options: SetOptions): Promise<ExitCode> => {
  const { io, json, operatorApi } = session;
  await withVault(session, async (vault) => {
    const text = io.canAsk ? await askSecret(io, source, (await vault.read(source)).text) : await io.readInput();
    const read = readSecret<unknown>(SECRET_SCHEMAS[source], text);
    if (!read.ok) {
      const lines = read.problems.map(({ field, problem }) => `  ${field}: ${problem}`);
      const wanted = Object.keys(SECRET_SCHEMAS[source].shape).join(", ");
      throw new CliError(
        EXIT.USAGE,
        [
          `These are no credentials of ${source}; nothing was stored. Give one JSON object with ${wanted}.`,
          ...lines,
        ].join("\n"),
      );
    }
    await vault.put(source, JSON.stringify(read.secret));
  });
  if (!json) io.out(`The credentials of ${source} are stored; running work uses them within a minute.\n`);
  if (!options.test) {
    if (json) printJson(io, { source, stored: true, check: null });
    return EXIT.OK;
  }
  if (!json) io.err("Testing them by one call …\n");
  try {
    const check = await testSource(operatorApi, source);
    if (json) printJson(io, { source, stored: true, check });
    else printCheck(session, check);
    return check.ok ? EXIT.OK : EXIT.SOME_FAILED;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(
      error.exitCode,
      `The credentials are stored, but could not be tested: ${error.message}\nTest them as an operator with: enrichline doctor`,
      { cause: error, ...(error.problem ? { problem: error.problem } : {}) },
    );
  }
};

/** What `credentials status` says of one source. */
const describe = (source: SecretSource, stored: StoredSecret): { state: string; detail: string; ok: boolean } => {
  if (!stored.isAsked) {
    return { state: "not enabled", detail: 'add it to the stage\'s "sources" in cdk.json and deploy', ok: true };
  }
  if (stored.text === undefined) {
    return { state: "missing", detail: `enrichline credentials set ${source}`, ok: false };
  }
  const read = readSecret<unknown>(SECRET_SCHEMAS[source], stored.text);
  const changed = stored.changedAt === null ? "" : `changed ${stored.changedAt}`;
  return read.ok
    ? { state: "stored", detail: changed, ok: true }
    : { state: "incomplete", detail: problemLine(read.problems), ok: false };
};

const showStatus = async (session: Session, only: SecretSource | undefined): Promise<ExitCode> => {
  const { io, json } = session;
  const rows = await withVault(session, (vault) =>
    Promise.all(
      SECRET_SOURCES.filter((source) => only === undefined || source === only).map(async (source) => {
        const stored = await vault.read(source);
        return { source, ...describe(source, stored), changed_at: stored.changedAt };
      }),
    ),
  );
  if (json) printJson(io, { sources: rows });
  else {
    io.out(
      formatTable(
        ["source", "credentials", "detail"],
        rows.map(({ source, state, detail }) => [source, state, detail]),
      ),
    );
    io.out("\nWhether they work: enrichline doctor\n");
  }
  return rows.every(({ ok }) => ok) ? EXIT.OK : EXIT.SOME_FAILED;
};

const sourceArgument = (name: string): Argument =>
  new Argument(name, "source that needs credentials").choices([...SECRET_SOURCES]);

/** Adds `credentials set|status|remove`. */
export const addCredentials = (program: Command, run: RunCommand): void => {
  const group = program.command("credentials").description("store, show or remove the sources' credentials");
  group
    .command("set")
    .description("store a source's credentials and test them; asks for each value, or reads one JSON object from stdin")
    .addArgument(sourceArgument("<source>"))
    .option("--no-test", "do not make the test call")
    .action(async (source: SecretSource, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<SetOptions>();
      await run(options, (session) => setCredentials(session, source, options));
    });
  group
    .command("status")
    .description("say which credentials are stored and whether they are complete; never shows them")
    .addArgument(sourceArgument("[source]"))
    .action(async (source: SecretSource | undefined, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), (session) => showStatus(session, source));
    });
  group
    .command("remove")
    .description("take a source's credentials away; it is then skipped")
    .addArgument(sourceArgument("<source>"))
    .action(async (source: SecretSource, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async (session) => {
        await withVault(session, (vault) => vault.clear(source));
        if (session.json) printJson(session.io, { source, removed: true });
        else session.io.out(`The credentials of ${source} are removed; within a minute it is skipped.\n`);
        return EXIT.OK;
      });
    });
};
