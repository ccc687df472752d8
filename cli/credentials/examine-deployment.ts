import type { SourceCheck } from "../../lambdas/common/core/contract/operations/probes.ts";
import { QuotaSchema } from "../../lambdas/common/core/contract/operations/quota.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import { type ConcurrencyAdvice, concurrencyAdvice, unreadConcurrency } from "../aws/concurrency-advice.ts";
import type { Session } from "../run-command.ts";
import { examineStack, type StackCheck } from "./examine-stack.ts";
import { testSource } from "./test-source.ts";

/** What to examine. */
export interface Examination {
  /** Only this source, neither the account nor the stack; absent: all enabled sources. */
  readonly source?: SourceId | undefined;
  /** Shop to ask about, such as amazon.de. */
  readonly marketplace?: string | undefined;
}

/** What was found out about a deployment. */
export interface Examined {
  readonly sources: readonly SourceCheck[];
  /** Null where there is no account to read, or one source was named. */
  readonly account: ConcurrencyAdvice | null;
  /** Empty where one source was named. */
  readonly stack: readonly StackCheck[];
}

/** What the stage's AWS account lacks; null where there is no account to read: on the local stack, or by its address alone. */
const examineAccount = async ({ target }: Session): Promise<ConcurrencyAdvice | null> => {
  if (target.deployedStage === undefined) return null;
  const { readAccountConcurrency } = await import("../aws/account-concurrency.ts");
  try {
    const access = await target.aws();
    return concurrencyAdvice(access.stage, await readAccountConcurrency(access));
  } catch (error) {
    return unreadConcurrency(error);
  }
};

/**
 * Makes one call to each source, reads whether the AWS account has room, and then how the deployment itself is.
 * @throws CliError AUTH when the person is no operator, USAGE when the stage does not have the source
 */
export const examineDeployment = async (session: Session, { source, marketplace }: Examination): Promise<Examined> => {
  const { io, api, operatorApi, json } = session;
  const enabled = (await api.call({ path: "/quota", answer: QuotaSchema })).sources.map((one) => one.source);
  const chosen = source === undefined ? enabled : [source];
  if (!json && chosen.length > 0) io.err(`Making one call to each of ${chosen.join(", ")} …\n`);
  const [sources, account] = await Promise.all([
    Promise.all(chosen.map((one) => testSource(operatorApi, one, marketplace))),
    source === undefined ? examineAccount(session) : null,
  ]);
  const stack = source === undefined ? await examineStack(session) : [];
  return { sources, account, stack };
};
