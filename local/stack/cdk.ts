import { join } from "node:path";
import { emulatorEnvironment, LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-environment.ts";
import { type Layout, REPOSITORY_ROOT } from "../layout.ts";
import { runCommand } from "../process/run-command.ts";

/** What a cdk command needs to know. */
export interface CdkOptions {
  readonly layout: Layout;
  readonly signal?: AbortSignal;
  /** Gets its lines of output. */
  readonly onLine?: (line: string) => void;
}

/** Generous: bootstrap takes 3 to 6 s, synth and deploy each under half a minute on two slow cores. */
const TIMEOUT_MS = { bootstrap: 120_000, synth: 180_000, deploy: 300_000 } as const;

const cdk = (
  verb: keyof typeof TIMEOUT_MS,
  args: readonly string[],
  endpoint: string,
  options: CdkOptions,
  cwd = REPOSITORY_ROOT,
): Promise<string> =>
  runCommand({
    name: `cdk ${verb}`,
    command: process.execPath,
    args: [join(REPOSITORY_ROOT, "node_modules", "aws-cdk", "bin", "cdk"), verb, ...args, "--no-notices", "--ci"],
    env: emulatorEnvironment(endpoint),
    cwd,
    timeoutMs: TIMEOUT_MS[verb],
    logFile: join(options.layout.logsDir, `cdk-${verb}.log`),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onLine ? { onLine: options.onLine } : {}),
  });

/** Makes the emulator's account ready for CDK deploys. Runs away from cdk.json, else it would synthesise the app too. */
export const cdkBootstrap = (emulatorUrl: string, options: CdkOptions): Promise<string> =>
  cdk("bootstrap", [`aws://${LOCAL_ACCOUNT}/${LOCAL_REGION}`], emulatorUrl, options, options.layout.dir);

/**
 * Synthesises all stacks of stage `local` into the layout's folder. Needs no emulator, so it can run beside its start.
 * @param context values of context keys besides `stage`
 */
export const cdkSynth = (context: Readonly<Record<string, string>>, options: CdkOptions): Promise<string> => {
  const pairs = Object.entries({ ...context, stage: "local" }).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  // Nothing listens on port 1: a synth that asks AWS for something fails instead of reaching it. CloudFormation's own
  // rules take three times as long as the rest of it, and a test runs them over the same templates.
  return cdk(
    "synth",
    [...pairs, "--quiet", "--no-validation", "--output", options.layout.cloudAssemblyDir],
    "http://127.0.0.1:1",
    options,
  );
};

/** Deploys what `cdkSynth` made and writes the stacks' outputs to the layout's file. */
export const cdkDeploy = (emulatorUrl: string, options: CdkOptions): Promise<string> =>
  cdk(
    "deploy",
    [
      "--all",
      ...["--app", options.layout.cloudAssemblyDir],
      ...["--outputs-file", options.layout.stackOutputsFile],
      ...["--require-approval", "never"],
      ...["--progress", "events"],
      ...["--method", "direct"],
      ...["--concurrency", "4"],
      ...["--asset-parallelism", "true"],
    ],
    emulatorUrl,
    options,
  );
