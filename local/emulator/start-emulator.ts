import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bareEnvironment, DUMMY_CREDENTIALS, LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-environment.ts";
import { layoutOf } from "../layout.ts";
import { LocalError } from "../local-error.ts";
import { usualOrFreePort } from "../process/ports.ts";
import { type ManagedProcess, startProcess, waitUntilReady } from "../process/start-process.ts";
import { isEmulatorHealthy } from "./is-emulator-healthy.ts";
import { LAUNCHERS, type Launcher, type Launchers } from "./launchers.ts";
import { MINISTACK_VERSION } from "./versions.ts";

/** The port that AWS emulators usually have. */
export const USUAL_EMULATOR_PORT = 4566;
/** Times that another port is tried when another process takes ours between the check and the start. */
const PORT_ATTEMPTS = 3;

export interface EmulatorOptions {
  /** State folder of the stack: logs and temporary files go there. */
  readonly dir: string;
  /** Taken when it is free, else a free one; 0: a free one. @default 4566 */
  readonly port?: number;
  /**
   * Signatures and rights are not checked: for what stands between functions and emulator and changes their requests.
   * @default false
   */
  readonly withoutRights?: boolean;
  /** Gets a line about what takes long. */
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Environment of the person. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default LAUNCHERS */
  readonly launchers?: Launchers;
}

/** An emulator that answers. */
export interface RunningEmulator {
  /** Address without a slash at the end. */
  readonly url: string;
  /** Leader of its process group; null when it is somebody else's emulator. */
  readonly pid: number | null;
  /** Resolves with words when it ends by itself; never for somebody else's. */
  readonly ended: Promise<string>;
  /** Ends it with all its functions; leaves somebody else's alone. Safe to call twice. */
  stop(): Promise<void>;
}

const settingsOf = (port: number, tempDir: string, withoutRights: boolean): Record<string, string> => ({
  GATEWAY_PORT: String(port),
  BIND_HOST: "127.0.0.1",
  LAMBDA_EXECUTOR: "local",
  MINISTACK_REGION: LOCAL_REGION,
  MINISTACK_ACCOUNT_ID: LOCAL_ACCOUNT,
  AWS_ACCESS_KEY_ID: DUMMY_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DUMMY_CREDENTIALS.secretAccessKey,
  AWS_DEFAULT_REGION: LOCAL_REGION,
  // Roles are enforced, so that a right that is missing is missed here first.
  AUTH: String(!withoutRights),
  // Listeners on fixed ports that nothing here uses and a second emulator would collide on.
  IOT_MTLS_ENABLED: "0",
  SFTP_ENABLED: "0",
  // At start MiniStack removes every container that bears its label, another emulator's too: hide Docker from it.
  DOCKER_HOST: "unix:///nonexistent/docker.sock",
  TMPDIR: tempDir,
  S3_DATA_DIR: join(tempDir, "s3"),
  PYTHONUNBUFFERED: "1",
});

const launch = async (
  launcher: Launcher,
  options: EmulatorOptions,
): Promise<{ url: string; child: ManagedProcess }> => {
  const layout = layoutOf(options.dir);
  const logFile = join(layout.logsDir, "emulator.log");
  await mkdir(layout.tempDir, { recursive: true });
  // MiniStack unpacks functions here beside a CommonJS script of its own, which the package.json of this repository,
  // the next one up, would make Node read as an ES module.
  await writeFile(join(layout.tempDir, "package.json"), JSON.stringify({ type: "commonjs" }));
  for (let attempt = 1; ; attempt += 1) {
    const port = await usualOrFreePort(options.port ?? USUAL_EMULATOR_PORT);
    const url = `http://127.0.0.1:${port}`;
    const settings = settingsOf(port, layout.tempDir, options.withoutRights ?? false);
    const { DOCKER_HOST: hidden, ...others } = settings;
    const env = {
      ...bareEnvironment(options.env),
      ...others,
      ...(launcher.name === "Docker" ? {} : { DOCKER_HOST: hidden }),
    };
    const child = await startProcess({ ...launcher.command(settings), env, cwd: layout.dir, logFile });
    const onAbort = (): void => void child.stop();
    options.signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await waitUntilReady(child, {
        name: `the emulator (MiniStack by ${launcher.name})`,
        logFile,
        timeoutMs: launcher.timeoutMs,
        isReady: () => isEmulatorHealthy(url),
      });
      return { url, child };
    } catch (error) {
      const isPortLost = error instanceof LocalError && /already in use|EADDRINUSE/.test(error.message);
      if (!isPortLost || attempt >= PORT_ATTEMPTS) throw error;
    } finally {
      options.signal?.removeEventListener("abort", onAbort);
    }
  }
};

/**
 * Starts MiniStack, an AWS emulator: from its own virtual environment, else the one at `AWS_ENDPOINT_URL`,
 * else from one that uv makes, else by Docker. It listens on 127.0.0.1 only and forgets everything when it stops.
 * @throws LocalError saying what was tried and what to install, or with the end of its log when it dies.
 */
export const startEmulator = async (options: EmulatorOptions): Promise<RunningEmulator> => {
  const say = options.say ?? (() => {});
  const env = options.env ?? process.env;
  const launchers = options.launchers ?? LAUNCHERS;
  const problems: string[] = [];
  const own = async (launcher: Launcher): Promise<RunningEmulator> => {
    const { url, child } = await launch(launcher, options);
    const stop = async (): Promise<void> => {
      await child.stop();
      await rm(layoutOf(options.dir).tempDir, { recursive: true, force: true });
    };
    return { url, pid: child.pid, ended: child.ended, stop };
  };

  const venv = await launchers.venv(say, options.signal);
  if ("launcher" in venv) return own(venv.launcher);
  problems.push(`its virtual environment: ${venv.problem}`);

  const given = env.AWS_ENDPOINT_URL;
  if (given) {
    if (await isEmulatorHealthy(given)) {
      say(`using the emulator at ${given}`);
      return { url: given.replace(/\/+$/, ""), pid: null, ended: new Promise(() => {}), stop: async () => {} };
    }
    problems.push(`AWS_ENDPOINT_URL: no emulator answers at ${given}`);
  } else problems.push("AWS_ENDPOINT_URL: not set");

  for (const [name, find] of [
    ["uv", launchers.uv],
    ["Docker", launchers.docker],
  ] as const) {
    const answer = await find(say, options.signal);
    if ("launcher" in answer) {
      say(`starting MiniStack by ${name}, because of ${problems[0]}`);
      return own(answer.launcher);
    }
    problems.push(`${name}: ${answer.problem}`);
  }
  throw new LocalError(
    [
      `No way to run the AWS emulator (MiniStack ${MINISTACK_VERSION}) on this machine. Tried in order:`,
      ...problems.map((problem) => `  - ${problem}`),
      "Install Python 3.10 or newer (with venv and pip), or uv, or Docker, and start again.",
    ].join("\n"),
  );
};
