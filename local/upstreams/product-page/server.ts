import { gzip } from "node:zlib";
import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import { findMarketplace, MARKETPLACES, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { withChangedOffers } from "../shared/products/changed-offers.ts";
import { DEFAULT_SHOP } from "../shared/products/default-shop.ts";
import { seededRandom } from "../shared/seeded-random.ts";
import { AccountLimits } from "../shared/server/account-limits.ts";
import { BehaviourState } from "../shared/server/behaviour.ts";
import { makeCertificate } from "../shared/server/certificate.ts";
import type { Reply } from "../shared/server/reply.ts";
import {
  type Call,
  type RunningSimulator,
  runSimulator,
  type SimulatorDefinition,
  type SimulatorOptions,
} from "../shared/server/simulator.ts";
import { LAYOUTS, type PageKind, pageBehaviour } from "./behaviour.ts";
import { blockPage, homePage, type Page, signInPage } from "./block-pages.ts";
import { productPage } from "./product-pages.ts";

const HTML = { "content-type": "text/html;charset=UTF-8" };

/**
 * The shop and the path inside it. A loopback host cannot name the shop, so there the first part of the path does:
 * `/www.amazon.de/dp/…`. Without either it is the US shop.
 */
const shopAndPath = (call: {
  readonly url: URL;
  readonly request: Call["request"];
}): { place: Marketplace; base: string; path: string } => {
  const [, first = "", ...rest] = call.url.pathname.split("/");
  const named = /^www\.amazon\./.test(first) ? findMarketplace(first) : undefined;
  const byHost = findMarketplace((call.request.headers.host ?? "").split(":")[0] ?? "");
  const place = named ?? byHost ?? DEFAULT_SHOP;
  return named
    ? { place, base: `/${first}`, path: `/${rest.join("/")}` }
    : { place, base: "", path: call.url.pathname };
};

const ROBOTS = {
  allow: "User-agent: *\nDisallow: /gp/cart\nDisallow: /gp/sign-in\nDisallow: /product-reviews/\n",
  disallow: "User-agent: *\nDisallow: /dp/\nDisallow: /gp/\n",
} as const;

/**
 * Starts the shops' product pages over HTTP and TLS: `/dp/{asin}` and `/robots.txt` of all 22 shops. Reads of
 * robots.txt are counted as `token_calls`, pages as calls.
 */
export const startProductPageSimulator = async (options: SimulatorOptions): Promise<RunningSimulator> => {
  const behaviour = new BehaviourState(pageBehaviour, options.behaviour);
  const products = withChangedOffers(options.products, () => behaviour.now.changed_offers);
  const limits = new AccountLimits();
  let visits = 0;

  const toReply = (page: Page): Reply => ({
    status: page.status,
    body: page.html,
    headers: { ...HTML, ...page.headers },
  });

  const robots = (): Reply => {
    const mode = behaviour.now.robots;
    const headers = { "content-type": "text/plain" };
    if (mode === "missing") return { status: 404, body: "", headers };
    if (mode === "error") return { status: 503, body: "", headers };
    return { status: 200, body: ROBOTS[mode], headers };
  };

  const kindOf = (call: Call, asin: string): PageKind => {
    const now = behaviour.now;
    visits += 1;
    if (!limits.take(call.atMs, now).ok) return now.over_limit;
    if (now.captcha_after !== null && visits > now.captcha_after) return "captcha";
    if (now.page !== "product") return now.page;
    const chosen = now.fail_asins[asin];
    if (chosen !== undefined) return chosen;
    if (!isAsin(asin) || now.not_found_asins.includes(asin)) return "not-found";
    return now.null_price_asins.includes(asin) ? "no-featured-offer" : "product";
  };

  const answerPage = (call: Call): Reply => {
    const { place, base, path } = shopAndPath(call);
    if (path === "/") return toReply(homePage(place));
    if (path === "/ap/signin") return toReply(signInPage(place));
    const asin = /^\/(?:[^/]+\/)?dp\/([A-Za-z0-9]+)\/?$/.exec(path)?.[1];
    if (asin === undefined || call.request.method !== "GET") {
      return toReply(blockPage("not-found", place, base) ?? homePage(place));
    }
    const kind = kindOf(call, asin);
    call.countIds(1);
    const status = behaviour.now.fail_calls_with_asins[asin];
    const block = blockPage(kind, place, base);
    if (block) return toReply(block);
    if (status !== undefined) return { ...toReply(blockPage("error", place, base) ?? homePage(place)), status };
    const product = products.get(behaviour.now.other_asins[asin] ?? asin, place);
    const layout = behaviour.now.layout ?? seededRandom("layout", asin).pick(LAYOUTS);
    const html = productPage(product, {
      layout,
      noFeaturedOffer: kind === "no-featured-offer",
      noPrices: behaviour.now.no_prices,
      foreignCurrency: behaviour.now.foreign_currency,
      jsonLd: behaviour.now.json_ld,
    });
    return toReply({ status: 200, html });
  };

  const definition: SimulatorDefinition<typeof behaviour.now> = {
    behaviour,
    route: (request, url) =>
      shopAndPath({ request, url }).path === "/robots.txt"
        ? { kind: "token", operation: "robots" }
        : { kind: "api", operation: "page" },
    answer: async (call, kind) => (kind === "token" ? robots() : answerPage(call)),
    fault: (status) => ({ ...toReply(blockPage("error", DEFAULT_SHOP, "") ?? homePage(DEFAULT_SHOP)), status }),
    send: (request, response, reply) => {
      const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
      const plain = (bytes: Buffer, encoding?: string): void => {
        if (response.destroyed) return;
        const headers = { ...HTML, ...reply.headers, "content-length": bytes.length };
        response.writeHead(reply.status, encoding ? { ...headers, "content-encoding": encoding } : headers);
        response.end(bytes);
      };
      if (!/\bgzip\b/.test(request.headers["accept-encoding"]?.toString() ?? "")) return plain(Buffer.from(text));
      gzip(text, (error, bytes) => (error ? response.destroy(error) : plain(bytes, "gzip")));
    },
    resetLimits: () => {
      limits.clear();
      visits = 0;
    },
  };
  return runSimulator(definition, options, await makeCertificate(MARKETPLACES.map((place) => place.code)));
};
