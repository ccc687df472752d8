import { findMarketplace } from "../../core/products/marketplaces.ts";
import type {
  FetchRequest,
  SourceAnswer,
  SourceClient,
  SourceContext,
  SourceItemFailure,
} from "../../core/sources/source-client.ts";
import { callUpstream, readRetryAfterMs, type UpstreamReply } from "../calling/call-upstream.ts";
import { connectionTo } from "../calling/connection-to.ts";
import { CALL_FAILURES, PRODUCT_FAILURES, pageError } from "./errors.ts";
import { explain } from "./explain.ts";
import { parsePage } from "./reading/parse-page.ts";
import { storeLanguage } from "./reading/store-language.ts";
import { createRobotsCheck } from "./robots/robots-check.ts";

/** Product pages are 0.4 to 3 MB; more is no page. */
const MAX_BYTES = 3_000_000;
/** A slot is granted for one call, so of redirects only the one to the product's own address is followed. */
const MAX_REDIRECTS = 1;
const PRODUCT_PATH = /\/dp\/[A-Z0-9]{10}(?:\/|$)/i;

/** Where redirects led: to a page of the shop, or away from its products, then with the code that says where. */
type Landing = { readonly reply: UpstreamReply } | { readonly away: "SignInRequired" | "RedirectedAway" };

/**
 * A client that reads the public product page, one ASIN a call. It identifies itself and bypasses nothing.
 *
 * A call is one request for the page and, where the shop redirects to the product's own address, one more for that.
 * Once a day and host the client first reads robots.txt, in the same slot.
 */
export const createProductPageClient = (context: SourceContext<null>): SourceClient => {
  const assertAllowed = createRobotsCheck(context);

  const open = async (start: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Landing> => {
    let url = start;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const init: RequestInit = { headers, redirect: "manual" };
      const call = { source: "product-page" as const, fetch: context.fetch, url: url.href, init, signal };
      const reply = await callUpstream({ ...call, maxBytes: MAX_BYTES });
      const location = reply.headers.get("location");
      if (reply.status < 300 || reply.status > 399 || location === null) return { reply };
      const next = URL.parse(location, url);
      if (next?.pathname.includes("/ap/signin")) return { away: "SignInRequired" };
      // The origin and not the host, which is the same without TLS.
      if (next?.origin !== start.origin || !PRODUCT_PATH.test(next.pathname)) return { away: "RedirectedAway" };
      url = next;
    }
    return { away: "RedirectedAway" };
  };

  /** Address of a shop. A simulator serves all shops, so the first part of its paths names the shop. */
  const baseOf = (shop: string): string => {
    const override = context.endpoints.api?.replace(/\/$/, "");
    return override === undefined ? `https://${shop}` : `${override}/${shop}`;
  };

  const failed = (asin: string, code: string, raw: string, detail?: string): SourceAnswer => {
    const message = detail ?? explain(code).reason;
    const failure: SourceItemFailure = { asin, code, message };
    return { products: [], failures: [failure], raw, signals: {} };
  };

  return {
    connectionTo: (marketplace) => {
      const place = findMarketplace(marketplace);
      return place && connectionTo("product-page", context.fetch, baseOf(place.code));
    },

    fetchProducts: async (request: FetchRequest, signal): Promise<SourceAnswer> => {
      const [asin] = request.asins;
      if (asin === undefined || request.asins.length !== 1) throw new RangeError("a page call takes exactly one ASIN");
      const place = findMarketplace(request.marketplace);
      if (!place) throw pageError("MarketplaceNotServed", null);
      const base = baseOf(place.code);
      const headers = {
        accept: "text/html,application/xhtml+xml",
        "accept-language": storeLanguage(place.code),
      };
      // th and psc keep the requested variation selected.
      const path = `/dp/${asin}?th=1&psc=1`;
      await assertAllowed(base, path, headers, signal);
      const landing = await open(new URL(base + path), headers, signal);
      if ("away" in landing) return failed(asin, landing.away, "");
      const { status, body, headers: sent } = landing.reply;
      const page = parsePage(body, { asin, marketplace: place.code });
      const pause = readRetryAfterMs(sent, context.clock.now());
      const signals = pause === undefined ? {} : { retryAfterMs: pause };
      const callFailure = CALL_FAILURES[page.kind];
      if (callFailure) throw pageError(callFailure, status, signals);
      if (page.kind !== "product") {
        if (status === 404 || status === 410) return failed(asin, "PageNotFound", body);
        if (status === 429) throw pageError("TooManyRequests", status, signals);
        if (status >= 500) throw pageError("PageUnavailable", status, signals);
        return failed(asin, PRODUCT_FAILURES[page.kind] ?? "UnknownPage", body);
      }
      if (page.redirected) return failed(asin, "RedirectedAsin", body, `the page shows ${page.asin}`);
      return { products: [{ asin, fields: page.fields }], failures: [], raw: body, signals: {} };
    },
  };
};
