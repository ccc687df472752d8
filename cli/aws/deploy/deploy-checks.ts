import type { StackTemplate, StageAssembly } from "../../deploy/assembly.ts";
import { type DeployCheck, passed } from "../../deploy/deploy-check.ts";
import { readAccountQuota } from "../account-concurrency.ts";
import type { AwsConfig } from "../aws-access.ts";
import { concurrencyAdvice, unreadConcurrency } from "../concurrency-advice.ts";
import { hasFailedFirstDeploy } from "../failed-first-deploy.ts";
import { bootstrapVersion } from "./bootstrap-version.ts";
import type { CallerIdentity } from "./caller-identity.ts";

/** What the checks look at. */
export interface CheckedDeploy {
  readonly stage: string;
  readonly assembly: StageAssembly;
  readonly config: AwsConfig;
  readonly caller: CallerIdentity;
}

const checkIdentity = ({ stage, assembly, caller }: CheckedDeploy): DeployCheck => {
  const found = `account ${caller.account} in ${caller.region}, as ${caller.arn}`;
  if (assembly.account === undefined || assembly.account === caller.account) return passed("identity", found);
  return {
    name: "identity",
    state: "failed",
    reason: `These AWS credentials are of ${found}, but stage ${stage} belongs to account ${assembly.account}.`,
    next_step: `Use credentials of that account (--profile), or correct "account" of stage ${stage} in cdk.json.`,
  };
};

const checkBootstrap = async ({ assembly, config, caller }: CheckedDeploy): Promise<DeployCheck> => {
  const place = `aws://${caller.account}/${caller.region}`;
  if (assembly.bootstrap === undefined) return passed("bootstrap", "This stage needs none.");
  const { parameter, version } = assembly.bootstrap;
  const found = await bootstrapVersion(config, parameter);
  if (found !== undefined && found >= version)
    return passed("bootstrap", `version ${found}; ${version} or newer is needed`);
  return {
    name: "bootstrap",
    state: "failed",
    reason:
      found === undefined
        ? `The CDK has never been prepared in ${place}: ${parameter} is not there.`
        : `The CDK's bootstrap stack in ${place} has version ${found}, but ${version} or newer is needed.`,
    next_step: `Run once: npx cdk bootstrap ${place}`,
  };
};

const neededOf = (templates: readonly StackTemplate[]): number | null => {
  const value = templates.map(({ Outputs }) => Outputs.ConcurrencyNeeded?.Value).find((found) => found !== undefined);
  return value === undefined ? null : Number(value);
};

/** The quota may be on its way, and other projects change what is left: it warns and stops nothing. */
const checkConcurrency = async ({ stage, assembly, config }: CheckedDeploy): Promise<DeployCheck> => {
  try {
    const quota = await readAccountQuota(config);
    const needed = neededOf(assembly.stacks.map(({ template }) => template));
    const { ok, reason, next_step } = concurrencyAdvice(stage, { ...quota, needed });
    return { name: "concurrency", state: ok ? "ok" : "warning", reason, next_step };
  } catch (error) {
    const { reason, next_step } = unreadConcurrency(error);
    return { name: "concurrency", state: "warning", reason, next_step };
  }
};

const checkAlarms = ({ stage, assembly }: CheckedDeploy): DeployCheck => {
  const resources = assembly.stacks.flatMap(({ template }) => Object.values(template.Resources));
  const addresses = new Set(
    resources.flatMap(({ Type, Properties }) =>
      Type === "AWS::SNS::Subscription" && Properties.Protocol === "email" ? [String(Properties.Endpoint)] : [],
    ),
  );
  if (addresses.size > 0) return passed("alarms", `go to ${[...addresses].join(", ")}`);
  return {
    name: "alarms",
    state: "warning",
    reason: "Nobody is notified of alarms.",
    next_step: `Add "alarm_email": "<address>" under "${stage}" in cdk.json.`,
  };
};

const checkFirstDeploy = async ({ stage, config }: CheckedDeploy): Promise<DeployCheck> =>
  (await hasFailedFirstDeploy(stage, config))
    ? {
        name: "first deploy",
        state: "warning",
        reason: `The first deploy of stage ${stage} was rolled back: its empty data stack is removed and made again.`,
        next_step: "",
      }
    : passed("first deploy", "no failed one is in the way");

const CHECKS = [checkIdentity, checkBootstrap, checkConcurrency, checkAlarms, checkFirstDeploy];

/**
 * Makes the checks in their order, up to the first that fails.
 * @param tell called with each as soon as it is known
 * @throws CliError where AWS does not answer
 */
export const runDeployChecks = async (
  deploy: CheckedDeploy,
  tell: (check: DeployCheck) => void,
): Promise<readonly DeployCheck[]> => {
  const made: DeployCheck[] = [];
  for (const check of CHECKS) {
    const found = await check(deploy);
    made.push(found);
    tell(found);
    if (found.state === "failed") break;
  }
  return made;
};
