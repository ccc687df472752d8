import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import type { Io } from "../../../../cli/output/io.ts";
import { type AwsCall, type AwsReply, DEV_STACKS, type FakeStack, startFakeAws } from "./fake-aws.ts";
import { type Ended, runWith } from "./harness.ts";

/** What a person and the shell give to one run of the command. */
export interface StageInput {
  /** Answers to questions; absent: nobody can be asked. */
  readonly answers?: string[];
  readonly stdin?: string;
  readonly nowMs?: number;
}

/** What a stage of a test is; absent: stage `dev`, where the program to run fails. */
export interface StageOptions {
  readonly stacks?: Readonly<Record<string, FakeStack>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: Io["run"];
}

/** The command line against AWS as a small real server, for each test of a file; all goes when the test has ended. */
export const stageHarness = () => {
  let home = "";
  let stop: (() => Promise<void>) | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "enrichline-stage-"));
    // The SDK reads these itself; without them it would look for a machine's role over the network.
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await stop?.();
    stop = undefined;
    await rm(home, { recursive: true, force: true });
  });
  return {
    /** Where a file of the user's settings is. */
    pathOf: (...names: string[]): string => join(home, "enrichline", ...names),
    /** Starts AWS; `reply` plays what is not CloudFormation. */
    start: async (reply: (call: AwsCall) => AwsReply | undefined, options: StageOptions = {}) => {
      const { stacks = DEV_STACKS, env = {}, run } = options;
      const aws = await startFakeAws((call) => reply(call) ?? { error: "UnexpectedCall", message: call.name }, stacks);
      await stop?.();
      stop = aws.close;
      const cli = async (
        args: readonly string[],
        { answers, stdin = "", nowMs = 0 }: StageInput = {},
      ): Promise<Ended & { asked: { question: string; hidden: boolean }[] }> => {
        const asked: { question: string; hidden: boolean }[] = [];
        const ended = await runWith(args, {
          env: { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "eu-central-1", XDG_CONFIG_HOME: home, ...env },
          now: () => nowMs,
          canAsk: answers !== undefined,
          ask: async (question, { hidden = false } = {}) => {
            asked.push({ question, hidden });
            return answers?.shift() ?? "";
          },
          readInput: async () => stdin,
          ...(run ? { run } : {}),
        });
        return { ...ended, asked };
      };
      return {
        ...aws,
        cli,
        devCli: (args: readonly string[], input?: StageInput) => cli([...args, "--stage", "dev"], input),
      };
    },
  };
};

/** Cognito's answer to a sign-in. */
export const tokens = (idToken: string): AwsReply => ({
  body: { AuthenticationResult: { IdToken: idToken, RefreshToken: "refresh", ExpiresIn: 3600 } },
});
