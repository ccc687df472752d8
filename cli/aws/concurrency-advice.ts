import type { AccountConcurrency } from "./account-concurrency.ts";

/** Whether the account runs enough functions at once for the stage, and what to do where it does not. */
export interface ConcurrencyAdvice {
  readonly ok: boolean;
  readonly reason: string;
  /** Empty when there is nothing to do. */
  readonly next_step: string;
}

/** The quota's code in Service Quotas. @see https://docs.aws.amazon.com/general/latest/gr/lambda-service.html */
const QUOTA_CODE = "L-B99A9384";
/** What AWS gives to accounts in use. */
const USUAL_QUOTA = 1_000;

/** Judges what was read of the account. Workers that are throttled give their messages back, at last to a dead-letter queue. */
export const concurrencyAdvice = (stage: string, found: AccountConcurrency): ConcurrencyAdvice => {
  const { region, quota, unreserved, needed } = found;
  const has = `This AWS account runs ${unreserved} functions at once in ${region}`;
  const beside = unreserved === quota ? "" : ` (${quota}, less what other functions reserved)`;
  if (needed === null) {
    const next_step = `Deploy the stage again to see whether that is enough: npx enrichline deploy --stage ${stage}`;
    return { ok: true, reason: `${has}${beside}.`, next_step };
  }
  if (unreserved >= needed) {
    return {
      ok: true,
      reason: `${has}${beside}; stage ${stage} needs ${needed} when all its workers are busy.`,
      next_step: "",
    };
  }
  return {
    ok: false,
    reason: `${has}${beside}, but stage ${stage} needs ${needed} when all its workers are busy: then the API is refused, and messages come back unread.`,
    next_step:
      `Ask AWS for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code ${QUOTA_CODE} ` +
      `--desired-value ${USUAL_QUOTA} --region ${region}. Until then lower express_concurrency, consumer_concurrency, ingest_concurrency ` +
      `and export_concurrency of the stage in cdk.json (stage dev has the least, 2 each), set daily_refresh to false (2 less), webhooks to false (webhook_concurrency less), and deploy.`,
  };
};
