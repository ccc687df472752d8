import { Resolver } from "node:dns/promises";

/** Gives the addresses of a name, IPv4 before IPv6. @throws Error when it has none or nobody answers */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

const TIMEOUT_MS = 2_000;
const TRIES = 2;

/**
 * Asks name servers without the operating system's resolver: that one blocks a thread for each name whose servers do not answer, and
 * there are four. The hosts file is not read either, so no name leads to what only this machine knows.
 */
export const createResolveHost = (): ResolveHost => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  return async (hostname) => {
    try {
      return await resolver.resolve4(hostname);
    } catch (error) {
      return resolver.resolve6(hostname).catch(() => {
        throw error;
      });
    }
  };
};
