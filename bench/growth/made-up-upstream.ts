import * as z from "zod";
import { MARKETPLACES } from "../../lambdas/common/core/products/marketplaces.ts";
import { creatorsBehaviour } from "../../local/upstreams/creators-api/behaviour.ts";
import { getItems } from "../../local/upstreams/creators-api/operations.ts";
import { createProductSource } from "../../local/upstreams/shared/products/product-source.ts";
import { seededRandom } from "../../local/upstreams/shared/seeded-random.ts";
import { BehaviourState } from "../../local/upstreams/shared/server/behaviour.ts";
import { asins } from "../shared/bench-api.ts";
import type { VirtualClock } from "../shared/virtual-clock.ts";
import { LATENCY_MS } from "./memory/counts.ts";

/** Products of the Creators API's simulator that all others are copies of: making one up takes longer than enriching it. */
const TEMPLATES = 500;

const CallSchema = z.object({
  itemIds: z.array(z.string()).min(1),
  partnerTag: z.string(),
  resources: z.array(z.string()),
});
const AnswerSchema = z.object({
  itemsResult: z.object({ items: z.array(z.looseObject({ asin: z.string() })) }),
});

/** The Creators API as a `fetch` of its own, without limits: what the simulator answers, under the ASINs asked for. */
export class MadeUpUpstream {
  readonly #clock: VirtualClock;
  #templates: readonly (readonly string[])[] = [];
  #next = 0;
  calls = 0;
  ids = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  readonly fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    await this.#clock.sleep(LATENCY_MS.upstream);
    const address = String(url);
    if (address.includes("/token"))
      return Response.json({ access_token: "token", token_type: "bearer", expires_in: 3_600 });
    if (!address.endsWith("/getItems")) throw new Error(`the simulated upstream does not know ${address}`);
    const call = CallSchema.parse(JSON.parse(String(init.body)));
    this.calls += 1;
    this.ids += call.itemIds.length;
    const items = call.itemIds.map((asin) => this.#item(asin, call));
    return new Response(`{"itemsResult":{"items":[${items.join(",")}]}}`, {
      headers: { "content-type": "application/json" },
    });
  };

  #item(asin: string, call: z.infer<typeof CallSchema>): string {
    if (this.#templates.length === 0) this.#templates = this.#makeUp(call);
    const template = this.#templates[this.#next++ % TEMPLATES] ?? [];
    return template.join(asin);
  }

  /** JSON of items, split at their ASIN. */
  #makeUp({ partnerTag, resources }: z.infer<typeof CallSchema>): string[][] {
    const [place] = MARKETPLACES;
    if (!place) throw new Error("there is no marketplace");
    const context = {
      products: createProductSource(),
      place,
      switches: new BehaviourState(creatorsBehaviour).now,
      random: seededRandom("growth"),
    };
    const body = { itemIds: asins(TEMPLATES, 0), partnerTag, resources } as Parameters<typeof getItems>[0];
    const { items } = AnswerSchema.parse(getItems(body, context)).itemsResult;
    return items.map((item) => JSON.stringify(item).split(item.asin));
  }
}
