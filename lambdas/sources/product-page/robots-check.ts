import type { SourceContext } from "../../core/source.ts";
import { callUpstream } from "../call-upstream.ts";
import { pageError } from "./errors.ts";
import { isAllowed, type RobotsRules, robotsRulesFor } from "./robots-rules.ts";

/** Name by which robots.txt may address us. */
export const ROBOT_NAME = "enrichline";
const KEEP_MS = 24 * 3_600_000;
/** Robots are to read at least 500 KiB of the file (RFC 9309); shops' files are far smaller. */
const MAX_BYTES = 512_000;

/** Throws unless the shop's robots.txt allows `path`. */
export type RobotsCheck = (
  base: string,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
) => Promise<void>;

/**
 * Builds the check; each host's file is kept for a day. A file that does not exist allows all, one that cannot be
 * read allows nothing for now, as RFC 9309 says.
 */
export const createRobotsCheck = (context: Pick<SourceContext<unknown>, "fetch" | "clock">): RobotsCheck => {
  const known = new Map<string, { rules: RobotsRules; until: number }>();

  const read = async (base: string, headers: Record<string, string>, signal: AbortSignal): Promise<RobotsRules> => {
    const kept = known.get(base);
    if (kept && kept.until > context.clock.now()) return kept.rules;
    const url = `${base}/robots.txt`;
    const call = {
      source: "product-page" as const,
      fetch: context.fetch,
      url,
      init: { headers, redirect: "follow" as const },
      signal,
    };
    const reply = await callUpstream({ ...call, max_bytes: MAX_BYTES });
    if (reply.status >= 500 || reply.status === 429) throw pageError("RobotsUnreachable", reply.status);
    const rules = reply.status === 200 ? robotsRulesFor(reply.body, ROBOT_NAME) : [];
    known.set(base, { rules, until: context.clock.now() + KEEP_MS });
    return rules;
  };

  return async (base, path, headers, signal) => {
    if (!isAllowed(await read(base, headers, signal), path)) throw pageError("RobotsDisallowed", null);
  };
};
