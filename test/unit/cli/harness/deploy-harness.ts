import { type DEV_TEMPLATES, writeAssembly } from "./fake-assembly.ts";
import type { AwsCall, AwsReply, FakeStack } from "./fake-aws.ts";
import { type StageInput, stageHarness } from "./stage-harness.ts";

const ACCOUNT_SETTINGS = "GET /2016-08-19/account-settings";

interface Account {
  /** Version of the bootstrap stack; null: there is none. */
  readonly bootstrap?: number | null;
  /** Functions at once; null: nobody may read it. */
  readonly quota?: number | null;
  readonly unreserved?: number;
}

/** What AWS answers about the account. */
const accountOf =
  ({ bootstrap = 28, quota = 1_000, unreserved }: Account) =>
  ({ name }: AwsCall): AwsReply | undefined => {
    if (name === "GetParameter") {
      return bootstrap === null
        ? { error: "ParameterNotFound" }
        : { body: { Parameter: { Value: String(bootstrap) } } };
    }
    if (!name.startsWith(ACCOUNT_SETTINGS)) return undefined;
    if (quota === null) return { error: "AccessDeniedException" };
    return {
      body: { AccountLimit: { ConcurrentExecutions: quota, UnreservedConcurrentExecutions: unreserved ?? quota } },
    };
  };

/** Stacks as they were deployed from these templates. */
export const deployedFrom = (templates: typeof DEV_TEMPLATES, changes: Partial<FakeStack> = {}) =>
  Object.fromEntries(
    Object.entries(templates).map(([name, template]): [string, FakeStack] => [
      name,
      { outputs: {}, template, ...changes },
    ]),
  );

/** The account, what is deployed in it, and what the CDK synthesizes. */
interface Setting extends Account {
  readonly stacks?: Readonly<Record<string, FakeStack>>;
  readonly templates?: typeof DEV_TEMPLATES;
  /** Where the stage's settings place it. */
  readonly environment?: string;
  /** Exit codes of the CDK's commands. */
  readonly codes?: Readonly<Record<string, number>>;
}

/** The command `deploy`, with the CDK's commands played, for each test of a file. @returns what starts it in a setting */
export const deployHarness = () => {
  const stage = stageHarness();
  return async ({ stacks = {}, templates, environment, codes = {}, ...account }: Setting = {}) => {
    const ran: string[][] = [];
    const streams: unknown[] = [];
    const { cli, ...aws } = await stage.start(accountOf(account), {
      stacks,
      run: async (_command, [, ...args], _folder, where) => {
        ran.push(args);
        streams.push(where);
        const [verb = ""] = args;
        if (verb === "synth") await writeAssembly(args.at(-1) ?? "", templates, environment);
        return codes[verb] ?? 0;
      },
    });
    /** Options of `cdk deploy`; undefined: it did not run. */
    const deployed = () => ran.find(([verb]) => verb === "deploy");
    return {
      ...aws,
      ...{ ran, streams, deployed },
      deploy: (args: string, input: StageInput = {}) => cli(["deploy", ...args.split(" ").filter(Boolean)], input),
    };
  };
};
