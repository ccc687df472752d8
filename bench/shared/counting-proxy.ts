import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { bodyOf } from "../../local/emulator/whole-body.ts";

/** Requests of functions to AWS since the last reset. */
export interface Counted {
  /** By `service:operation`. */
  readonly requests: ReadonlyMap<string, number>;
  /** DynamoDB's request units, as it says them itself. */
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Write units by table and operation, indexes apart; physical names of tables. */
  readonly writes: ReadonlyMap<string, number>;
}

const CapacitySchema = z.object({ CapacityUnits: z.number().default(0) });
const UnitsSchema = CapacitySchema.extend({
  TableName: z.string().default(""),
  GlobalSecondaryIndexes: z.record(z.string(), CapacitySchema).nullish(),
});
const AnswerSchema = z.object({
  Responses: z.record(z.string(), z.array(z.unknown())).optional(),
  ConsumedCapacity: z.union([UnitsSchema.transform((one) => [one]), z.array(UnitsSchema)]).optional(),
});
const RequestSchema = z.looseObject({
  TableName: z.string().optional(),
  RequestItems: z
    .record(
      z.string(),
      z.looseObject({ Keys: z.array(z.unknown()).optional(), ConsistentRead: z.boolean().optional() }),
    )
    .optional(),
});
type Wish = z.infer<typeof RequestSchema>;

/**
 * Units for keys that have no item, which the emulator counts as nothing.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const unitsOfMissing = ({ RequestItems = {} }: Wish, responses: z.infer<typeof AnswerSchema>["Responses"]): number =>
  Object.entries(RequestItems).reduce((sum, [table, { Keys = [], ConsistentRead = false }]) => {
    const missing = Keys.length - (responses?.[table]?.length ?? 0);
    return sum + missing * (ConsistentRead ? 1 : 0.5);
  }, 0);

/** Passes AWS calls on to the emulator and counts them; asks DynamoDB to say what each of them consumed. */
export class CountingProxy {
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, response) => {
    this.#serve(incoming, response).catch(() => response.destroy());
  });
  #requests = new Map<string, number>();
  #writeUnits = 0;
  #readUnits = 0;
  #writes = new Map<string, number>();

  constructor(emulatorUrl: string) {
    this.#target = new URL(emulatorUrl);
  }

  /** @returns its address, without a slash at the end */
  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  /** What was counted, and begins anew. */
  take(): Counted {
    const counted = {
      requests: this.#requests,
      writeUnits: this.#writeUnits,
      readUnits: this.#readUnits,
      writes: this.#writes,
    };
    this.#requests = new Map();
    this.#writeUnits = 0;
    this.#readUnits = 0;
    this.#writes = new Map();
    return counted;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [target = "", named = ""] = String(incoming.headers["x-amz-target"] ?? "").split(".");
    const isDynamo = target.startsWith("DynamoDB_");
    const service = isDynamo ? "dynamodb" : target === "AmazonSQS" ? "sqs" : target === "" ? "s3" : target;
    const operation = named === "" ? (incoming.method ?? "GET") : named;
    const name = `${service}:${operation}`;
    this.#requests.set(name, (this.#requests.get(name) ?? 0) + 1);
    let body = await bodyOf(incoming);
    let wish: Wish = {};
    if (isDynamo) {
      wish = RequestSchema.parse(JSON.parse(body.toString("utf8")));
      body = Buffer.from(JSON.stringify({ ...wish, ReturnConsumedCapacity: "INDEXES" }));
    }
    const { "transfer-encoding": _chunked, connection: _connection, ...headers } = incoming.headers;
    const outgoing = request({
      host: this.#target.hostname,
      port: this.#target.port,
      method: incoming.method,
      path: incoming.url,
      agent: this.#agent,
      // The host as it came: presigned addresses are signed for it.
      headers: { ...headers, "content-length": body.byteLength },
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    const answered = await bodyOf(answer);
    if (isDynamo) this.#addUnits(operation, answer.statusCode ?? 0, wish, answered);
    const { "transfer-encoding": _c, connection: _k, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { ...kept, "content-length": answered.byteLength });
    response.end(answered);
  }

  #addUnits(operation: string, status: number, wish: Wish, body: Buffer): void {
    const isRead = /^(Get|BatchGet|Query|Scan)/.test(operation);
    // A condition that does not hold costs a write all the same, and the answer says nothing of it.
    const answer = status === 200 ? AnswerSchema.parse(JSON.parse(body.toString("utf8"))) : undefined;
    const units = answer ? (answer.ConsumedCapacity ?? []).reduce((sum, one) => sum + one.CapacityUnits, 0) : 1;
    if (isRead) {
      this.#readUnits += units + (answer ? unitsOfMissing(wish, answer.Responses) : 0);
      return;
    }
    this.#writeUnits += units;
    if (!answer) this.#addWrite(`${wish.TableName ?? "several"} refused`, 1);
    for (const { TableName, CapacityUnits, GlobalSecondaryIndexes } of answer?.ConsumedCapacity ?? []) {
      const indexes = Object.values(GlobalSecondaryIndexes ?? {}).reduce((sum, one) => sum + one.CapacityUnits, 0);
      this.#addWrite(`${TableName} ${operation}`, CapacityUnits - indexes);
      this.#addWrite(`${TableName} indexes`, indexes);
    }
  }

  #addWrite(what: string, units: number): void {
    if (units > 0) this.#writes.set(what, (this.#writes.get(what) ?? 0) + units);
  }
}
