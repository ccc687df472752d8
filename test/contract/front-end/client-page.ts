import { expect, vi } from "vitest";
import type { ShopProduct } from "../../../lambdas/common/core/shop/shop-product.ts";
import { createApp } from "../../../lambdas/shop-api/app.ts";
import { silentLog } from "../../helpers/silent.ts";
import { Browser } from "../../helpers/worlds/browser.ts";
import { LiveWorld } from "../../helpers/worlds/live-world.ts";
import { captionBody, ShopWorld, shopRecord, thumbnailsBody } from "../../helpers/worlds/shop-world.ts";
import { CLIENT_CODE } from "./client-code.ts";

/** Where the API of the page is. */
export const API = "https://api.invalid/api/v1";
/** Where its live updates are. */
export const SOCKET = "wss://live.invalid/live";
/** Whose products are made. */
export const SELLER = "anna";
/** When a page is opened. */
export const NOON = Date.UTC(2026, 10, 29, 12);

type Stop = () => void;
interface Clients {
  readonly watchCatalog: (options: Record<string, unknown>) => Stop;
  readonly watchSeller: (options: Record<string, unknown>) => Stop;
  readonly productsOf: (apiUrl: string, seller: string) => { queryKey: string[] };
  readonly followSeller: (options: Record<string, unknown>) => Promise<Stop>;
}

const answer = (body: unknown): Response => Response.json(body);

/**
 * The clients of docs/live.md against the functions of live updates and of the shop in memory. Timers are fake from the
 * beginning of a page to its end.
 */
export class ClientPage {
  readonly live: LiveWorld;
  readonly shop: ShopWorld;
  readonly browser: Browser;
  readonly clients: Clients;
  /** Paths that were read, without their query. */
  readonly read: string[] = [];
  /** Status of the catalog that polls are answered. */
  status: Record<string, unknown> | undefined;
  /** The token that the API takes. */
  goodToken = "token-1";
  /** Ends the client that the test started. */
  stop: Stop | undefined;

  constructor() {
    vi.useFakeTimers({ now: NOON });
    this.live = new LiveWorld();
    this.live.nowMs = NOON;
    this.shop = new ShopWorld();
    this.browser = new Browser(this.live);
    this.clients = new Function(
      "fetch",
      "WebSocket",
      `${CLIENT_CODE.replaceAll("export const", "const")}
    return { watchCatalog, watchSeller, productsOf, followSeller };`,
    )((address: string, init?: RequestInit) => this.#fetch(address, init), this.browser.WebSocket);
  }

  /** Makes a product, and pushes it as the stream does. */
  async make(video: string): Promise<ShopProduct> {
    this.shop.nowMs = Date.now();
    await this.shop.assemble([shopRecord("1", captionBody(video)), shopRecord("2", thumbnailsBody(video))]);
    const product = await this.shop.shopProducts.get({ seller_handle: SELLER, video_id: video });
    if (!product) throw new Error(`${video} was not made`);
    await this.live.broadcastProducts(0, [product]);
    return product;
  }

  /** Ends the client, which leaves no timer behind and threw nothing. */
  end(): void {
    this.stop?.();
    expect(vi.getTimerCount(), "timers that the client leaves behind").toBe(0);
    expect(this.browser.uncaught).toEqual([]);
    vi.useRealTimers();
  }

  async #fetch(address: string, init?: RequestInit): Promise<Response> {
    const { pathname } = new URL(address);
    const path = pathname.replace("/api/v1", "");
    this.read.push(path);
    if (this.browser.isOffline && path === "/config") throw new TypeError("the network is away");
    if (path === "/config") return answer({ web_socket_url: SOCKET });
    if (path === "/live/tickets" || path.startsWith("/catalogs/")) {
      const isKnown = new Headers(init?.headers).get("authorization") === `Bearer ${this.goodToken}`;
      if (!isKnown) return Response.json({ message: "Unauthorized" }, { status: 401 });
    }
    if (path === "/live/tickets") {
      expect(init).toMatchObject({ method: "POST" });
      return answer(await this.live.tickets.issue("user-1", Date.now()));
    }
    if (path.startsWith("/catalogs/")) return answer(this.status);
    this.shop.nowMs = Date.now();
    const clock = { now: () => Date.now(), sleep: async () => undefined };
    const app = createApp({ clock, newId: () => "id-00000001", logger: silentLog, products: this.shop.shopProducts });
    return app.request(address, init);
  }
}
