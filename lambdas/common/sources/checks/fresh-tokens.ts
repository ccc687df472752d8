import type { TokenCache } from "../../core/sources/source-client.ts";

/** A token cache that ignores tokens stored earlier, and what a source did with it. */
export interface FreshTokens {
  readonly cache: TokenCache;
  /** Whether the source requested a token. */
  wanted(): boolean;
  /** Whether the source fetched one. */
  made(): boolean;
}

/**
 * Makes a source fetch a new token, because an earlier one says nothing about credentials that were withdrawn since.
 * The new token goes into the shared cache.
 */
export const freshTokens = (shared: TokenCache): FreshTokens => {
  const own = new Map<string, string>();
  let wanted = false;
  let made = false;
  return {
    cache: {
      get: async (key) => {
        wanted = true;
        return own.get(key);
      },
      put: async (key, token, expiresAtMs) => {
        made = true;
        own.set(key, token);
        await shared.put(key, token, expiresAtMs);
      },
      drop: async (key) => {
        own.delete(key);
        await shared.drop(key);
      },
    },
    wanted: () => wanted,
    made: () => made,
  };
};
