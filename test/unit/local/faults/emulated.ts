import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { marshall } from "@aws-sdk/util-dynamodb";
import { DUMMY_CREDENTIALS } from "../../../../local/aws-environment.ts";
import type { SigningKeys } from "../../../../local/emulator/signer.ts";
import { isSignedWith } from "./check-signature.ts";

/** A request as the emulator got it. */
export interface Seen {
  readonly operation: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Answers a request that is no Query or Scan. */
type Answer = (seen: Seen, response: ServerResponse) => void;

/**
 * A server in the place of the emulator: lists without an end of their own, and all else as `answer` says. Calls of DynamoDB and
 * SQS must be signed by somebody it knows.
 */
export class Emulated {
  /** What was not refused. */
  readonly seen: Seen[] = [];
  /** Who may call, besides the account itself. */
  readonly known: SigningKeys[] = [DUMMY_CREDENTIALS];
  checksSignatures = true;
  items: Record<string, unknown>[] = [];
  answer: Answer = (_, response) => void response.writeHead(200).end("{}");
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts);
    const isJson = this.checksSignatures && request.headers["x-amz-target"] !== undefined;
    const signed = isJson ? await Promise.all(this.known.map((keys) => isSignedWith(keys, request, body))) : [true];
    if (!signed.includes(true)) {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: "InvalidSignatureException", message: "not signed with keys known here" }));
      return;
    }
    const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? request.method ?? "";
    const seen = { operation, path: request.url ?? "", headers: request.headers, body };
    this.seen.push(seen);
    if (operation !== "Query" && operation !== "Scan") return this.answer(seen, response);
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(this.#list(JSON.parse(seen.body.toString("utf8")) as ListRequest)));
  }

  /** Filters `kind = :kind` and projects `id`: what DynamoDB does after it has read the page. */
  #list({ Limit = Number.POSITIVE_INFINITY, ExclusiveStartKey, FilterExpression, ProjectionExpression }: ListRequest) {
    const after = Number(ExclusiveStartKey?.id.N ?? -1);
    const found = this.items.filter((item) => Number(item.id) > after);
    const page = found.slice(0, Limit);
    const matching = page.filter((item) => FilterExpression === undefined || item.kind === "wanted");
    const Items = matching.map((item) => marshall(ProjectionExpression === undefined ? item : { id: item.id }));
    const last = page.at(-1);
    return { Items, ...(last && page.length === Limit ? { LastEvaluatedKey: marshall({ id: last.id }) } : {}) };
  }
}

interface ListRequest {
  readonly Limit?: number;
  readonly ExclusiveStartKey?: { readonly id: { readonly N: string } };
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
}
