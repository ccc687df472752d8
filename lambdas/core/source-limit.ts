import type { RateLimit } from "./rate-limiter.ts";
import type { SourceDescriptor, SourceOperation } from "./source.ts";
import type { SourceSettings } from "./source-settings.ts";

/**
 * The allowance that an operation of an account is held to: the stage's figures before the source's defaults. All of
 * a source's operations share the account's limit, but for those that have one of their own.
 * @param account id of the account, from the secret; never a secret itself
 */
export const sourceLimit = (
  descriptor: Pick<SourceDescriptor, "id" | "default_limits">,
  operation: Pick<SourceOperation, "limit_key" | "calls_per_second">,
  settings: SourceSettings,
  account: string,
): RateLimit => ({
  limit_key: [descriptor.id, account, ...(operation.limit_key === null ? [] : [operation.limit_key])].join("#"),
  calls_per_second:
    (operation.limit_key === null ? undefined : operation.calls_per_second) ??
    settings.calls_per_second ??
    descriptor.default_limits.calls_per_second,
  units_per_day:
    settings.units_per_day === undefined ? descriptor.default_limits.calls_per_day : settings.units_per_day,
  allowance_share: settings.allowance_share,
});
