import * as z from "zod";
import { DeployedWorld } from "../worlds/deployed/deployed-world.ts";
import { FUNCTIONS, functionAt } from "../worlds/deployed/stage.ts";
import type { Drawn, DrawnRequest } from "./requests.ts";

const AnswerSchema = z.looseObject({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
});
/** An answer as API Gateway gets it. */
export type Answer = z.infer<typeof AnswerSchema>;

const person = (user: string, groups: string) => ({ lambda: { via: "person", user_id: user, username: user, groups } });
const CALLERS = {
  owner: person("owner", "operators"),
  other: person("other", ""),
  key: {
    lambda: {
      ...{ via: "key", user_id: "owner", username: "owner", groups: "", key_id: "0123456789abcdef" },
      ...{ scopes: "read upload", valid_until: "" },
    },
  },
  nobody: { lambda: { via: "nobody", reason: "token" } },
} as const;

/** What a client would send again: ids, cursors, tokens, codes. */
const IS_KNOWN = /(?:^|_)(?:id|key|cursor|code|asin|token|handle|file)$|lastEvaluatedKey|url$/i;

const ALWAYS_KNOWN = ["B0EXAMPLE1", "www.amazon.com", "anna"].map((text) => ({ name: "text", text }));

/** The API of a stage as it is deployed, and what it gave out so far. */
export class HttpWorld {
  readonly deployed = new DeployedWorld();
  readonly #known: { readonly name: string; readonly text: string }[] = [...ALWAYS_KNOWN];
  #sent = 0;
  readonly #handlers = new Map<string, ReturnType<DeployedWorld["handler"]>>();

  /** Empties all stores, and forgets what it gave out. */
  clear(): void {
    this.deployed.clear();
    this.#known.length = ALWAYS_KNOWN.length;
  }

  /** Sends a request through the function that the stage routes it to. */
  async send({ operation, path, query, headers, body, caller }: DrawnRequest): Promise<Answer> {
    const rawPath = operation.path.replace(
      /\{(\w+)\}/g,
      (_, name: string) => encode(this.#text(path[name] ?? "")) || "x",
    );
    const rawQueryString = query.map(([name, value]) => `${encode(name)}=${encode(this.#text(value))}`).join("&");
    const { method } = operation;
    const functionId = functionAt(method, operation.path) ?? "";
    const handler = await this.#handler(functionId);
    this.#sent += 1;
    // The same content while it runs is refused; so each example is of other products.
    const bytes = body?.includes("B0EXAMPLE")
      ? Buffer.from(
          body.toString("latin1").replaceAll("B0EXAMPLE", `B0X${String(this.#sent).padStart(6, "0")}`),
          "latin1",
        )
      : body;
    const text = bytes?.toString("utf8");
    const isText =
      bytes !== undefined &&
      Buffer.from(text ?? "", "utf8").equals(bytes) &&
      /json|text/.test(headers["content-type"] ?? "");
    const answer = AnswerSchema.parse(
      await handler({
        ...{ version: "2.0", routeKey: `${method} ${operation.path}`, rawPath, rawQueryString },
        headers: { host: "api.invalid", ...headers },
        requestContext: {
          ...{
            accountId: "123456789012",
            apiId: "api",
            domainName: "api.invalid",
            domainPrefix: "api",
            requestId: "r",
          },
          ...{ routeKey: "any", stage: "$default", time: "01/Aug/2026:12:00:00 +0000", timeEpoch: 1785585600000 },
          http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
          authorizer: CALLERS[caller],
        },
        isBase64Encoded: bytes !== undefined && !isText,
        ...(bytes === undefined ? {} : { body: isText ? text : bytes.toString("base64") }),
      }),
    );
    if (answer.statusCode < 300) this.#learn(answer.body);
    return answer;
  }

  #handler(functionId: string): ReturnType<DeployedWorld["handler"]> {
    const found = this.#handlers.get(functionId) ?? this.deployed.handler(functionId, this.#envOf(functionId));
    this.#handlers.set(functionId, found);
    return found;
  }

  /** Uploads find a source that is ready; look-ups find none, because they would call it. */
  #envOf(functionId: string): Readonly<Record<string, string>> {
    if (FUNCTIONS.get(functionId)?.room !== "catalogs-api") return {};
    this.deployed.secrets.set("ready/keepa", JSON.stringify({ key: "k".repeat(64) }));
    return { SECRET_PREFIX: "ready" };
  }

  #text(value: Drawn): string {
    if (typeof value === "string") return value;
    const kind = /cursor|lastKey/i.test(value.name) ? /cursor|lastEvaluatedKey/ : /^(?!.*(?:cursor|lastEvaluatedKey))/;
    const pattern = new RegExp(value.pattern);
    const fitting = this.#known.filter(({ name, text: one }) => kind.test(name) && pattern.test(one));
    // The newest are the most interesting: mostly one of the last.
    const text = fitting.at(-1 - (value.known % Math.max(Math.min(fitting.length, 12), 1)))?.text ?? "unknown";
    if (value.flip === null) return text;
    const at = value.flip % (text.length + 1);
    return `${text.slice(0, at)}${text[at] === "a" ? "b" : "a"}${text.slice(at + 1)}`;
  }

  #learn(body: string): void {
    const visit = (name: string, value: unknown): void => {
      if (typeof value === "string" && value !== "" && value.length < 3_000 && IS_KNOWN.test(name))
        this.#known.push({ name, text: name.endsWith("url") ? (value.split(/[/?]/).at(-1) ?? value) : value });
      else if (typeof value === "object" && value !== null)
        for (const [key, member] of Object.entries(value).slice(0, 30))
          visit(Array.isArray(value) ? name : key, member);
    };
    try {
      visit("", JSON.parse(body));
    } catch {
      // A page or a table.
    }
  }
}

/** As a client that knows the rules writes it, and a lone surrogate as one that does not. */
const encode = (text: string): string => (text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80");
