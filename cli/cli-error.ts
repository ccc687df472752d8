/** Exit codes of every command. `INTERRUPTED` is what shells give to a program that Ctrl-C ended (128 + SIGINT). */
export const EXIT = {
  OK: 0,
  SOME_FAILED: 1,
  USAGE: 2,
  AUTH: 3,
  NOT_FOUND: 4,
  UNAVAILABLE: 5,
  INTERRUPTED: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that the user can act on: the message says what and how. Ends the command with `exitCode`. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** The API's problem, for `--json`; absent when the failure is our own. */
  readonly problem: Readonly<Record<string, unknown>> | undefined;

  constructor(
    exitCode: ExitCode,
    message: string,
    details: { problem?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = "CliError";
    this.exitCode = exitCode;
    this.problem = details.problem;
  }
}
