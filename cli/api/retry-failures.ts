import { randomUUID } from "node:crypto";
import { type RetryInput, type RetryReport, RetryReportSchema } from "../../lambdas/common/core/contract/runs/retry.ts";
import { CliError } from "../cli-error.ts";
import type { ApiClient } from "./api-client.ts";
import { inPath } from "./in-path.ts";
import { jsonBody } from "./json-body.ts";

/** Which failed products are meant; absent: all of them. */
export interface FailureChoice {
  readonly errorCode?: readonly string[] | undefined;
  readonly asin?: readonly string[] | undefined;
}

const retryOnce = (
  api: ApiClient,
  id: string,
  options: FailureChoice,
  { dryRun, cursor }: { readonly dryRun: boolean; readonly cursor?: string | undefined },
): Promise<RetryReport> => {
  const selection: RetryInput = {
    error_codes: options.errorCode && [...options.errorCode],
    asins: options.asin && [...options.asin],
    dry_run: dryRun,
    cursor,
  };
  return api.call({
    method: "POST",
    path: `/catalogs/${inPath(id)}/retry`,
    ...jsonBody(selection, { "idempotency-key": randomUUID() }),
    answer: RetryReportSchema,
  });
};

/** Says what a retry would touch; changes nothing. */
export const previewRetry = (api: ApiClient, id: string, options: FailureChoice): Promise<RetryReport> =>
  retryOnce(api, id, options, { dryRun: true });

/** Repeats a retry until everything is reopened, or a request gets no further. */
export const retryFailures = async (api: ApiClient, id: string, options: FailureChoice): Promise<RetryReport> => {
  const first = await retryOnce(api, id, options, { dryRun: false });
  let { reopened } = first;
  let last = first;
  while (last.remaining > 0 && (last.reopened > 0 || last.next_cursor !== undefined)) {
    const next = await retryOnce(api, id, options, { dryRun: false, cursor: last.next_cursor }).catch(
      (error: unknown) => {
        if (error instanceof CliError && error.problem?.code === "nothing_to_retry") return undefined;
        throw error;
      },
    );
    if (!next) return { ...first, reopened, in_progress: 0, remaining: 0 };
    last = next;
    reopened += last.reopened;
  }
  return { ...first, reopened, in_progress: last.in_progress, remaining: last.remaining };
};
