import { ApiClient } from "./api/api-client.ts";
import type { ExitCode } from "./cli-error.ts";
import type { Io } from "./output/io.ts";
import type { Target, TargetOptions } from "./target/target.ts";

/** Options that every command takes. */
export interface CommonOptions extends TargetOptions {
  /** One JSON document on stdout instead of words. */
  readonly json?: boolean | undefined;
}

/** What a command works with once its target is known. */
export interface Session {
  readonly io: Io;
  readonly target: Target;
  readonly api: ApiClient;
  /** The same API, called as an operator. */
  readonly operatorApi: ApiClient;
  readonly json: boolean;
}

/** A session with a deployment. @param io of the command, with this machine's clock */
export const sessionOf = (io: Io, target: Target, json: boolean): Session => {
  const api = new ApiClient(io, target);
  const operatorApi = new ApiClient(io, { ...target, token: target.operatorToken });
  // Ages and ends are times of the deployment's clock.
  const { aheadMs = 0 } = target;
  const there: Io = aheadMs === 0 ? io : { ...io, now: () => io.now() + aheadMs };
  return { io: there, target, api, operatorApi, json };
};

/** Runs a command against its target and keeps its exit code. */
export type RunCommand = (options: CommonOptions, command: (session: Session) => Promise<ExitCode>) => Promise<void>;

/** Runs a command that has no deployment to talk to yet, and keeps its exit code. */
export type RunWithoutTarget = (options: CommonOptions, command: (io: Io) => Promise<ExitCode>) => Promise<void>;

/** Writes a result for programs. */
export const printJson = (io: Io, value: unknown): void => io.out(`${JSON.stringify(value, null, 2)}\n`);
