import * as z from "zod";
import type { Api } from "../api.ts";
import { asinSeries, csvOf } from "../asins.ts";

const JSON_BODY = { "content-type": "application/json" };

/** Things of one person, by the parameter of the route that names them. */
export interface Belongings {
  readonly catalog: string;
  readonly dryRun: string;
  readonly export: string;
  readonly feed: string;
  readonly feedFile: string;
  readonly key: string;
  readonly webhook: string;
  readonly delivery: string;
}

const IdsSchema = z.looseObject({
  id: z.string().optional(),
  dry_run_id: z.string().optional(),
  export_id: z.string().optional(),
  feed_id: z.string().optional(),
  csv_path: z.string().optional(),
  key_id: z.string().optional(),
  webhook_id: z.string().optional(),
  delivery_id: z.string().optional(),
});

/** Makes one thing of each kind that has an owner. */
export const makeBelongings = async (owner: Api): Promise<Belongings> => {
  const made = async (path: string, body: unknown, name: keyof z.infer<typeof IdsSchema>): Promise<string> => {
    const answer = await owner.call("POST", path, { headers: JSON_BODY, body: JSON.stringify(body) });
    const id = IdsSchema.parse(answer.body)[name];
    if (typeof id !== "string") throw new Error(`POST ${path} gave no ${name}: ${JSON.stringify(answer.body)}`);
    return id;
  };
  const catalog = await owner.start(csvOf(asinSeries("TENT", 2)));
  await owner.follow(catalog, { seconds: 60 });
  const { body } = await owner.call("POST", `/catalogs/${catalog}/feeds`, {
    headers: JSON_BODY,
    body: JSON.stringify({ name: "tenants" }),
  });
  const feed = IdsSchema.parse(body);
  const upload = { file_name: "tenants.csv", content_type: "text/csv", content_length: 100, dry_run: true };
  // Nobody listens there, so its messages wait for their next attempt.
  const hook = { url: "http://127.0.0.1:1024/hooks", events: ["catalog.completed"] };
  const webhook = await made("/webhooks", hook, "webhook_id");
  return {
    ...{ catalog, webhook },
    feed: feed.feed_id ?? "",
    feedFile: feed.csv_path?.split("/").at(-1) ?? "",
    dryRun: await made("/catalogs/uploads", upload, "dry_run_id"),
    export: await made(`/catalogs/${catalog}/exports`, { format: "csv" }, "export_id"),
    key: await made("/keys", { name: "tenants", scopes: ["read"] }, "key_id"),
    delivery: await made(`/webhooks/${webhook}/test`, {}, "delivery_id"),
  };
};

/** What a path names. `owner`: only who has it may know of it. `all`: everybody who may call the route. */
type Whose = "owner" | "all" | "nobody";

interface Part {
  readonly begins: string;
  readonly parameter: string;
  readonly whose: Whose;
  readonly value: (things: Belongings) => string;
}

const part = (begins: string, parameter: string, whose: Whose, value: Part["value"]): Part => ({
  ...{ begins, parameter, whose, value },
});

/** Every parameter of every path: the longest beginning counts. */
const PARTS: readonly Part[] = [
  part("/catalogs/", "id", "owner", ({ catalog }) => catalog),
  part("/catalogs/", "feedId", "owner", ({ feed }) => feed),
  part("/catalogs/dry-runs/", "id", "owner", ({ dryRun }) => dryRun),
  part("/exports/", "id", "owner", (things) => things.export),
  part("/keys/", "id", "owner", ({ key }) => key),
  part("/webhooks/", "id", "owner", ({ webhook }) => webhook),
  part("/webhooks/", "delivery_id", "owner", ({ delivery }) => delivery),
  part("/feeds/", "file", "all", ({ feedFile }) => feedFile),
  part("/products/", "asin", "all", () => asinSeries("TENT", 1)[0] ?? ""),
  part("/marketplaces/", "code", "all", () => "ca"),
  part("/shop/", "handle", "nobody", () => "nobody"),
  part("/shop/", "videoId", "nobody", () => "nothing"),
  part("/operations/dead-letters/", "id", "nobody", () => "00000000-0000-4000-8000-000000000000"),
  part("/operations/redrives/", "id", "nobody", () => `dlj_${"0".repeat(26)}`),
  part("/operations/failures/", "group", "nobody", () => "NoSuchCode"),
  part("/licences/revocations/", "id", "nobody", () => "rev_0000000000000000"),
];

/**
 * A path with what it names.
 * @throws Error for a parameter that this list does not know: say there whose it is
 */
export const filled = (path: string, things: Belongings): { readonly path: string; readonly whose: Whose } => {
  const whose = new Set<Whose>();
  const full = path.replace(/\{([^}]+)\}/g, (_, parameter: string) => {
    const [found] = PARTS.filter((one) => one.parameter === parameter && path.startsWith(one.begins)).sort(
      (one, other) => other.begins.length - one.begins.length,
    );
    if (!found) throw new Error(`whose is {${parameter}} of ${path}? Say so in belongings.ts`);
    whose.add(found.whose);
    return found.value(things);
  });
  const is = (one: Whose): boolean => whose.has(one);
  return { path: full, whose: is("owner") ? "owner" : is("nobody") ? "nobody" : "all" };
};
