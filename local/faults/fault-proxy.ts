import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type AwsCall, targetOf } from "./aws-call.ts";
import { type ChangedCall, type Fault, isAnswer, type Trouble } from "./fault.ts";
import { AWS_PAGE_BYTES, readPage, readsList } from "./page-ends.ts";
import { Seeded } from "./seeded.ts";

/** Longer than any client keeps an idle connection: a server that hangs up first makes clients fail at random. */
const KEEP_ALIVE_MS = 120_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};

/** Headers of the message, without those of the connection. The host stays as it came: addresses are signed for it. */
const messageHeaders = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const { "transfer-encoding": _chunked, connection: _connection, expect: _expect, ...rest } = headers;
  return rest;
};

/**
 * Stands between functions and the emulator, ends pages of lists as early as it is set to, and makes the trouble that the
 * emulator never makes by itself. Bodies of DynamoDB and SQS are read whole; all others flow through.
 */
export class FaultProxy {
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    this.#serve(incoming, response).catch(() => response.destroy());
  });
  #random: Seeded;
  #troubles: readonly Trouble[] = [];
  /** Bytes after which the page of a Query or Scan ends. At 1 MB the emulator ends it, as DynamoDB does. */
  pageBytes = AWS_PAGE_BYTES;
  /** Calls that each kind of trouble has met, by its name. */
  readonly met = new Map<string, number>();
  /** All calls that came, by `service:operation`. */
  readonly calls = new Map<string, number>();

  constructor(emulatorUrl: string, random: Seeded = new Seeded(0)) {
    this.#target = new URL(emulatorUrl);
    this.#random = random;
  }

  /** @returns its address, without a slash at the end */
  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Safe to call twice. */
  async stop(): Promise<void> {
    this.#troubles = [];
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  /** Draws from now on by these numbers. */
  drawBy(random: Seeded): void {
    this.#random = random;
  }

  /** Begins a kind of trouble. @returns ends it */
  begin(trouble: Trouble): () => void {
    this.#troubles = [...this.#troubles, trouble];
    return () => {
      this.#troubles = this.#troubles.filter((other) => other !== trouble);
    };
  }

  #strike(call: AwsCall): Fault | undefined {
    for (const trouble of this.#troubles) {
      const met = this.met.get(trouble.name) ?? 0;
      if (!trouble.meets(call) || met >= (trouble.most ?? Number.POSITIVE_INFINITY)) continue;
      if (this.#random.next() >= trouble.share) continue;
      this.met.set(trouble.name, met + 1);
      return trouble.fault(call, this.#random);
    }
    return undefined;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(incoming.headers, incoming.method ?? "GET");
    const isRead = target.service === "dynamodb" || target.service === "sqs";
    const call = { ...target, path: incoming.url ?? "", body: isRead ? await bodyOf(incoming) : Buffer.alloc(0) };
    const name = `${call.service}:${call.operation}`;
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    const fault = this.#strike(call);
    if (fault === "hang") return;
    if (fault === "cut") {
      response.destroy();
      return;
    }
    if (fault !== undefined && isAnswer(fault)) {
      incoming.resume();
      response.writeHead(fault.status, { "content-type": fault.type });
      response.end(fault.body);
      return;
    }
    const change = typeof fault === "object" ? fault : {};
    if (change.holdMs) await delay(change.holdMs);
    if (isRead) await this.#answerWhole(incoming, response, call, change, fault === "lose-answer");
    else await this.#answerFlowing(incoming, response, fault === "lose-answer");
  }

  async #answerWhole(
    incoming: IncomingMessage,
    response: ServerResponse,
    call: AwsCall,
    { body = call.body, times = 1, answer: amend = (same) => same }: ChangedCall,
    isLost: boolean,
  ): Promise<void> {
    const pass = (sent: Buffer): Promise<Answer> => this.#pass(incoming, sent);
    const endsEarly = readsList(call) && this.pageBytes < AWS_PAGE_BYTES;
    const answer = endsEarly ? await readPage(body, this.pageBytes, pass) : await pass(body);
    for (let more = 1; more < times; more += 1) await pass(body);
    if (isLost) {
      response.destroy();
      return;
    }
    // What was refused has nothing to amend.
    const amended = answer.status === 200 ? amend(answer.body) : answer.body;
    // Sums of the body were for the one that came.
    const { "x-amz-crc32": _sum, ...headers } = messageHeaders(answer.headers);
    response.writeHead(answer.status, { ...headers, "content-length": amended.byteLength });
    response.end(amended);
  }

  async #answerFlowing(incoming: IncomingMessage, response: ServerResponse, isLost: boolean): Promise<void> {
    const outgoing = this.#request(incoming, messageHeaders(incoming.headers));
    incoming.pipe(outgoing);
    response.on("close", () => outgoing.destroy());
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    if (isLost) {
      await bodyOf(answer);
      response.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, messageHeaders(answer.headers));
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  }

  async #pass(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const headers = { ...messageHeaders(incoming.headers), "content-length": String(body.byteLength) };
    const outgoing = this.#request(incoming, headers);
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) };
  }

  #request(incoming: IncomingMessage, headers: IncomingHttpHeaders) {
    const { hostname, port } = this.#target;
    const { method, url: path } = incoming;
    const outgoing = request({ host: hostname, port, method, path, agent: this.#agent, headers });
    // Before the answer the caller gets the error; after it the answer breaks off, which its reader sees.
    outgoing.on("error", () => {});
    return outgoing;
  }
}
