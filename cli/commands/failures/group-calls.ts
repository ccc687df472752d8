import { FailureGroupDetailSchema } from "../../../lambdas/common/core/contract/operations/failure-groups.ts";
import type { ApiClient } from "../../api/api-client.ts";
import { inPath } from "../../api/in-path.ts";
import { jsonBody } from "../../api/json-body.ts";
import type { CommonOptions, Session } from "../../run-command.ts";

/** Options that every command about groups takes. */
export interface GroupOptions extends CommonOptions {
  /** Over everybody's catalogs, as an operator. */
  readonly all?: boolean;
}

/** Words of `--all`. */
export const ALL_WORDS = "over everybody's catalogs, for operators";

/** Who calls. */
export const callerOf = ({ api, operatorApi }: Session, { all }: GroupOptions): ApiClient => (all ? operatorApi : api);

/** Address of a group. */
export const groupPath = (groupId: string): string => `/operations/failures/${inPath(groupId)}`;

/** Reads a group. */
export const readGroup = (api: ApiClient, groupId: string) =>
  api.call({ path: groupPath(groupId), answer: FailureGroupDetailSchema });

/** Does something with a group. */
export const postGroup = (api: ApiClient, groupId: string, verb: string, body: object, headers = {}) =>
  api.call({
    method: "POST",
    path: `${groupPath(groupId)}/${verb}`,
    ...jsonBody(body, headers),
    answer: FailureGroupDetailSchema,
  });
