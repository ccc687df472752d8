import type { Command } from "commander";
import type { AwsAccess } from "../../aws/aws-access.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import type { Io } from "../../output/io.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";
import { dropSession, saveSession } from "../../target/session-store.ts";

interface LoginOptions extends CommonOptions {
  readonly user?: string;
}

const askPassword = async (io: Io): Promise<string> => {
  if (io.canAsk) return io.ask("Password: ", { hidden: true });
  const [line = ""] = (await io.readInput()).split(/\r?\n/, 1);
  return line;
};

const askNewPassword = async (io: Io): Promise<string> => {
  if (!io.canAsk) {
    throw new CliError(EXIT.AUTH, "The password is a temporary one: sign in at a terminal to choose your own.");
  }
  io.err(
    "The password is a temporary one. Choose your own: 12 characters with upper and lower case, a digit, a sign.\n",
  );
  const chosen = await io.ask("New password: ", { hidden: true });
  if (chosen === (await io.ask("Once more: ", { hidden: true }))) return chosen;
  throw new CliError(EXIT.USAGE, "The two are not the same; nothing was changed.");
};

const signIn = async (io: Io, access: AwsAccess, username: string): Promise<void> => {
  const { UserPool } = await import("../../aws/user-pool.ts");
  const pool = new UserPool(access);
  try {
    const tokens = await pool.signIn(username, await askPassword(io), () => askNewPassword(io));
    await saveSession(io.env, access.stage, access.clientId, {
      username,
      id_token: tokens.idToken,
      refresh_token: tokens.refreshToken ?? null,
      expires_at_ms: io.now() + tokens.secondsLeft * 1000,
    });
  } finally {
    pool.close();
  }
};

/** @returns false at the local stack, where nobody signs in or out */
const hasSignIn = ({ io, target, json }: Session): boolean => {
  if (target.name !== "local") return true;
  io.err("The local stack signs its users in by itself; ENRICHLINE_USER (demo, other, operator) says which.\n");
  if (json) printJson(io, { stage: "local", username: io.env.ENRICHLINE_USER ?? "demo" });
  return false;
};

const login = async (session: Session, options: LoginOptions): Promise<ExitCode> => {
  const { io, target, json } = session;
  if (!hasSignIn(session)) return EXIT.OK;
  const access = await target.aws();
  if (options.user === undefined && !io.canAsk) {
    throw new CliError(EXIT.USAGE, "Name the user with --user and give the password on stdin.");
  }
  const username = options.user ?? (await io.ask("E-mail: "));
  await signIn(io, access, username.trim());
  if (json) printJson(io, { stage: access.stage, username: username.trim() });
  else io.out(`${username.trim()} is signed in at ${access.stage}.\n`);
  return EXIT.OK;
};

/** Adds `login` and `logout`. */
export const addSignIn = (program: Command, run: RunCommand): void => {
  program
    .command("login")
    .description("sign in at a deployed stage; the sign-in is kept for you alone, 30 days at most")
    .option("--user <email>", "who signs in (default: asked for)")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<LoginOptions>();
      await run(options, (session) => login(session, options));
    });
  program
    .command("logout")
    .description("forget the sign-in at a deployed stage")
    .action(async (_: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async (session) => {
        const { io, target, json } = session;
        if (!hasSignIn(session)) return EXIT.OK;
        const { stage, clientId } = await target.aws();
        await dropSession(io.env, stage, clientId);
        if (json) printJson(io, { stage, signed_in: false });
        else io.out(`Nobody is signed in at ${stage} any more.\n`);
        return EXIT.OK;
      });
    });
};
