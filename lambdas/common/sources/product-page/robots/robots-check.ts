import type { SourceContext } from "../../../core/sources/source-client.ts";
import { callUpstream, type UpstreamReply } from "../../calling/call-upstream.ts";
import { pageError } from "../errors.ts";
import { isAllowed, type RobotsRules, robotsRulesFor } from "./robots-rules.ts";

/** Name by which robots.txt may address us. */
export const ROBOT_NAME = "enrichline";
const KEEP_MS = 24 * 3_600_000;
/** Robots must read at least 500 KiB of the file (RFC 9309); shops' files are far smaller. */
const MAX_BYTES = 512_000;

/** Least number of redirects that robots must follow (RFC 9309). */
const MAX_REDIRECTS = 5;

/** Throws unless the shop's robots.txt allows `path`. */
export type RobotsCheck = (
  base: string,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
) => Promise<void>;

/**
 * Builds the check; each host's file is kept for a day. A missing file allows everything, one that cannot be read
 * allows nothing for now (RFC 9309). Redirects are followed on the shop's own host only, one request after the other in
 * the call's slot: a slot is for one shop, and the rules of another host do not apply to it.
 */
export const createRobotsCheck = (context: Pick<SourceContext<unknown>, "fetch" | "clock">): RobotsCheck => {
  const known = new Map<string, { rules: RobotsRules; until: number }>();

  /** The file's answer; null when redirects lead away, in circles or nowhere. */
  const follow = async (
    start: URL,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<UpstreamReply | null> => {
    let url = start;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const init: RequestInit = { headers, redirect: "manual" };
      const call = { source: "product-page" as const, fetch: context.fetch, url: url.href, init, signal };
      const reply = await callUpstream({ ...call, maxBytes: MAX_BYTES });
      if (reply.status < 300 || reply.status > 399) return reply;
      const next = URL.parse(reply.headers.get("location") ?? "//", url);
      if (next?.host !== start.host || next.protocol !== start.protocol) return null;
      url = next;
    }
    return null;
  };

  const read = async (base: string, headers: Record<string, string>, signal: AbortSignal): Promise<RobotsRules> => {
    const kept = known.get(base);
    if (kept && kept.until > context.clock.now()) return kept.rules;
    const reply = await follow(new URL(`${base}/robots.txt`), headers, signal);
    if (reply === null) throw pageError("RobotsUnreachable", null);
    if (reply.status >= 500 || reply.status === 429) throw pageError("RobotsUnreachable", reply.status);
    const rules = reply.status === 200 ? robotsRulesFor(reply.body, ROBOT_NAME) : [];
    known.set(base, { rules, until: context.clock.now() + KEEP_MS });
    return rules;
  };

  return async (base, path, headers, signal) => {
    if (!isAllowed(await read(base, headers, signal), path)) throw pageError("RobotsDisallowed", null);
  };
};
