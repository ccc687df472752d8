import type { RateLimit } from "../limiter/rate-limiter.ts";
import type { SourceDescriptor, SourceOperation } from "./source-descriptor.ts";
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
): RateLimit => {
  const units_per_day =
    settings.units_per_day === undefined ? descriptor.default_limits.calls_per_day : settings.units_per_day;
  return {
    limit_key: [descriptor.id, account, ...(operation.limit_key === null ? [] : [operation.limit_key])].join("#"),
    calls_per_second:
      (operation.limit_key === null ? undefined : operation.calls_per_second) ??
      settings.calls_per_second ??
      descriptor.default_limits.calls_per_second,
    units_per_day,
    allowance_share: settings.allowance_share,
    // Without a daily limit a zone would only bring the silence around its midnight.
    ...(settings.day_zone === undefined || units_per_day === null ? {} : { day_zone: settings.day_zone }),
  };
};

/** The limits of several operations, each key once, in the operations' order. */
export const distinctLimits = <Operation>(
  operations: readonly Operation[],
  limitFor: (operation: Operation) => RateLimit,
): RateLimit[] => {
  const limits = new Map<string, RateLimit>();
  for (const limit of operations.map(limitFor)) if (!limits.has(limit.limit_key)) limits.set(limit.limit_key, limit);
  return [...limits.values()];
};
