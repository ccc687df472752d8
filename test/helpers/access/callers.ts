import type { Scope } from "../../../lambdas/common/core/access/scopes.ts";
import type { KeyCalls } from "../../../lambdas/common/platform/http/access/admit-key.ts";

const from = (lambda: object) => ({ event: { requestContext: { authorizer: { lambda } } } });
const nameOf = (userId: string) => `${userId}@example.com`;

/** Bindings of a request of somebody who signed in, as API Gateway hands them over. */
export const person = (userId: string, ...groups: readonly string[]) =>
  from({ via: "person", user_id: userId, username: nameOf(userId), groups: groups.join(" ") });

/** Bindings of a request with a key. */
export const withKey = (
  userId: string,
  scopes: readonly Scope[],
  { groups = [], validUntil = "" }: { readonly groups?: readonly string[]; readonly validUntil?: string } = {},
) =>
  from({
    ...{ via: "key", user_id: userId, username: nameOf(userId), key_id: "key_0123456789abcdef" },
    ...{ scopes: scopes.join(" "), groups: groups.join(" "), valid_until: validUntil },
  });

/** Bindings of a request whose credential is not good. */
export const nobody = (reason: "token" | "key" = "token") => from({ via: "nobody", reason });

/** Keys without a limit. */
export const unlimited: KeyCalls = { take: async () => 0 };
