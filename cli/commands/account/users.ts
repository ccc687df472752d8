import type { Command } from "commander";
import type { UserPool } from "../../aws/user-pool.ts";
import { EXIT } from "../../cli-error.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";

interface AddOptions extends CommonOptions {
  readonly operator?: boolean;
  readonly setPassword?: boolean;
}

const withPool = async <T>({ target }: Session, work: (pool: UserPool) => Promise<T>): Promise<T> => {
  const access = await target.aws();
  const { UserPool } = await import("../../aws/user-pool.ts");
  const pool = new UserPool(access);
  try {
    return await work(pool);
  } finally {
    pool.close();
  }
};

const readPassword = async ({ io }: Session): Promise<string> => {
  if (io.canAsk) return io.ask("Password for the new user: ", { hidden: true });
  const [line = ""] = (await io.readInput()).split(/\r?\n/, 1);
  return line;
};

/** Adds `users add|remove`. */
export const addUsers = (program: Command, run: RunCommand): void => {
  const group = program.command("users").description("add or remove people; needs AWS credentials of the stage");
  group
    .command("add")
    .description("add a person; Cognito mails an invitation with a temporary password")
    .argument("<email>", "e-mail address, which is also the user name")
    .option("--operator", "may see everybody's work, test sources and move messages")
    .option("--set-password", "give a lasting password now (asked for, or a line on stdin) instead of the mail")
    .action(async (email: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      await run(options, async (session) => {
        const password = options.setPassword ? await readPassword(session) : undefined;
        const operator = options.operator ?? false;
        await withPool(session, (pool) => pool.add(email, { operator, password }));
        if (session.json) printJson(session.io, { user: email, operator, invited: password === undefined });
        else {
          const how = password === undefined ? "and gets an invitation by mail" : "with the given password";
          session.io.out(`${email} is added${operator ? " as an operator" : ""}, ${how}.\n`);
        }
        return EXIT.OK;
      });
    });
  group
    .command("remove")
    .description(
      "remove a person and all their ways in and out: keys, feeds, webhooks, live updates; their catalogs stay",
    )
    .argument("<email>", "user name")
    .action(async (email: string, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async (session) => {
        await withPool(session, (pool) => pool.remove(email));
        if (session.json) printJson(session.io, { user: email, removed: true });
        else {
          session.io.out(
            `${email} is removed. Keys, feeds, webhooks, live updates and tokens that are still good end within two minutes; catalogs stay.\n`,
          );
        }
        return EXIT.OK;
      });
    });
};
