import { type CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import { type Session, sessionOf } from "../run-command.ts";
import { resolveTarget } from "../target/resolve-target.ts";
import type { Target, TargetOptions } from "../target/target.ts";

const isRefusal = (error: CliError): boolean => error.exitCode === EXIT.AUTH && error.problem?.status !== 403;

/** What to do about a sign-in that is not there, ran out or is refused. */
const signInFix = (env: Io["env"], target: Target | undefined): string => {
  if (env.ENRICHLINE_API_KEY)
    return "The key in ENRICHLINE_API_KEY is not accepted: make another with enrichline keys create, and start the server again with it.";
  if (env.ENRICHLINE_TOKEN)
    return "The token in ENRICHLINE_TOKEN is not accepted or has run out: start the server again with a new one, or without it after enrichline login.";
  const stage = target?.deployedStage;
  return stage === undefined
    ? "Ask the person to start the local stack anew in a terminal: npm run local:stop, then npm run local"
    : `Ask the person to sign in again in a terminal: enrichline login --stage ${stage}`;
};

/** The deployment that the server talks to. It is found at the first call, so the server starts without it. */
export class Connection {
  readonly #io: Io;
  readonly #options: TargetOptions;
  #target: Target | undefined;

  constructor(io: Io, options: TargetOptions) {
    this.#io = io;
    this.#options = options;
  }

  /**
   * What a call works with: signed in anew, so that a sign-in in a terminal meanwhile is enough.
   * @param io of this call
   * @throws CliError as `resolveTarget`
   */
  async open(io: Io): Promise<Session> {
    this.#target ??= await resolveTarget(this.#io, this.#options);
    return sessionOf(io, this.#target, true);
  }

  /** A failure in words with its fix; what may have moved is found again at the next call. */
  explain(error: CliError): string {
    const target = this.#target;
    const mayHaveMoved = error.exitCode === EXIT.UNAVAILABLE || error.exitCode === EXIT.AUTH;
    if (mayHaveMoved) this.#target = undefined;
    if (!isRefusal(error) || error.message.includes("enrichline login")) return error.message;
    return `${error.message}\n${signInFix(this.#io.env, target)}`;
  }
}
