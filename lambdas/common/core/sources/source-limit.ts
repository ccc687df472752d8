import type { RateLimit } from "../limiter/rate-limiter.ts";
import type { SourceDescriptor, SourceOperation } from "./source-descriptor.ts";
import type { SourceSettings } from "./source-settings.ts";

/**
 * The limit of an operation of an account: the stage's settings before the source's defaults. All operations of a
 * source share the account's limit, except those with their own.
 * @param account id of the account, from the secret; never a secret itself
 */
export const sourceLimit = (
  descriptor: Pick<SourceDescriptor, "id" | "defaultLimits">,
  operation: Pick<SourceOperation, "limitKey" | "callsPerSecond">,
  settings: SourceSettings,
  account: string,
): RateLimit => {
  const unitsPerDay =
    settings.units_per_day === undefined ? descriptor.defaultLimits.callsPerDay : settings.units_per_day;
  return {
    limitKey: [descriptor.id, account, ...(operation.limitKey === null ? [] : [operation.limitKey])].join("#"),
    callsPerSecond:
      (operation.limitKey === null ? undefined : operation.callsPerSecond) ??
      settings.calls_per_second ??
      descriptor.defaultLimits.callsPerSecond,
    unitsPerDay,
    allowanceShare: settings.allowance_share,
    // Without a daily limit a zone would only cause the silence around its midnight.
    ...(settings.day_zone === undefined || unitsPerDay === null ? {} : { dayZone: settings.day_zone }),
  };
};

/** The limits of several operations, each key once, in the operations' order. */
export const distinctLimits = <Operation>(
  operations: readonly Operation[],
  limitFor: (operation: Operation) => RateLimit,
): RateLimit[] => {
  const limits = new Map<string, RateLimit>();
  for (const limit of operations.map(limitFor)) if (!limits.has(limit.limitKey)) limits.set(limit.limitKey, limit);
  return [...limits.values()];
};
