import {
  type Probe,
  type SourceCheck,
  SourceCheckSchema,
} from "../../lambdas/common/core/contract/operations/probes.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { ApiClient } from "../api/api-client.ts";
import { jsonBody } from "../api/json-body.ts";

/**
 * Lets the deployment find out whether a source works, by one call that counts against the day.
 * @param api called as an operator
 * @throws CliError AUTH when the person is no operator, USAGE when the stage does not have the source
 */
export const testSource = (api: ApiClient, source: SourceId, marketplace?: string): Promise<SourceCheck> =>
  api.call({
    method: "POST",
    path: "/operations/probes",
    ...jsonBody({ source, marketplace } satisfies Probe),
    answer: SourceCheckSchema,
  });
