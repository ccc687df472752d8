import { CliError } from "../cli-error.ts";
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

/** Settings with which a stage takes the least that it can, and fits into the 10 of a new account. */
export const LEAST_SETTINGS = {
  ...{ consumer_concurrency: 2, express_concurrency: 2, ingest_concurrency: 2, export_concurrency: 2 },
  ...{ daily_refresh: false, webhooks: false, event_requests: false, downstream_events: false, shop_line: false },
} as const;

const leastInWords = Object.entries(LEAST_SETTINGS)
  .map(([name, value]) => `${name} ${value}`)
  .join(", ");

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
      `--desired-value ${USUAL_QUOTA} --region ${region}. Until then lower what the stage takes in cdk.json, ` +
      `as far as you can do without it, and deploy. The least, which fits into 10: ${leastInWords}.`,
  };
};

/** What is said where the account cannot be read, which stops nothing. @throws whatever is no CliError */
export const unreadConcurrency = (error: unknown): ConcurrencyAdvice => {
  if (!(error instanceof CliError)) throw error;
  const reason = `Whether the account runs enough functions at once could not be read: ${error.message}`;
  return { ok: true, reason, next_step: "" };
};
