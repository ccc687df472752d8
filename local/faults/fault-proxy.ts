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
import { crc32 } from "node:zlib";
import { bodyOf } from "../emulator/whole-body.ts";
import { type AwsCall, targetOf } from "./aws-call.ts";
import {
  type ChangedCall,
  type Fault,
  type FaultAnswer,
  isChanged,
  isHeld,
  isMadeHere,
  type Trouble,
} from "./fault.ts";
import { KeyRing, type Unsigned } from "./key-ring.ts";
import { AWS_PAGE_BYTES, readPage, readsList } from "./page-ends.ts";
import { Seeded } from "./seeded.ts";
import { Tallies } from "./tallies.ts";

/** What `Tallies` calls pages that were ended before the emulator would. */
export const PAGES_END_EARLY = "pages end early";
/** Longer than any client keeps an idle connection: a server that hangs up first makes clients fail at random. */
const KEEP_ALIVE_MS = 120_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What is to happen to a call, and the name that it is counted by. */
interface Strike {
  readonly name: string;
  readonly fault: Fault;
}

const isOk = ({ status }: Answer): boolean => status === 200;
/** For people: what the emulator said. */
const wordsOf = ({ status, body }: Answer): string => `${status} ${body.toString("utf8").slice(0, 300)}`;

/** Headers of the message, without those of the connection. The host stays as it came: addresses are signed for it. */
const messageHeaders = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const { "transfer-encoding": _chunked, connection: _connection, expect: _expect, ...rest } = headers;
  return rest;
};

/** The answer with another body, and the sum of that. */
const withBody = ({ status, headers }: Answer, body: Buffer): Answer => ({
  status,
  headers: headers["x-amz-crc32"] === undefined ? headers : { ...headers, "x-amz-crc32": String(crc32(body)) },
  body,
});

const unsigned = ({ method = "POST", url = "/", headers }: IncomingMessage, body: Buffer): Unsigned => ({
  ...{ method, path: url, headers, body },
});

const answerHere = (incoming: IncomingMessage, response: ServerResponse, fault: FaultAnswer | "cut"): void => {
  if (fault === "cut") {
    response.destroy();
    return;
  }
  incoming.resume();
  response.writeHead(fault.status, { "content-type": fault.type });
  response.end(fault.body);
};

/**
 * Stands between functions and the emulator, ends pages of lists as early as it is set to, and makes the trouble that the
 * emulator never makes by itself. Bodies of DynamoDB and SQS are read whole; all others flow through. What it changes it signs
 * anew as its caller, so that the emulator judges the caller's rights.
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
  /** What became of each kind of trouble. */
  readonly tallies = new Tallies();
  /** Keys of those who call. */
  readonly keyRing = new KeyRing();
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

  #strike(call: AwsCall): Strike | undefined {
    for (const { name, meets, most = Number.POSITIVE_INFINITY, share, fault } of this.#troubles) {
      try {
        if (!meets(call) || this.tallies.of(name).applied >= most) continue;
        this.tallies.occasion(name);
        if (this.#random.next() < share) return { name, fault: fault(call, this.#random) };
      } catch (error) {
        // A call that the layer cannot read goes on as it came.
        this.tallies.notApplied(name, String(error));
      }
    }
    return undefined;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(incoming.headers, incoming.method ?? "GET");
    const isRead = target.service === "dynamodb" || target.service === "sqs";
    const call = { ...target, path: incoming.url ?? "", body: isRead ? await bodyOf(incoming) : Buffer.alloc(0) };
    const calledName = `${call.service}:${call.operation}`;
    this.calls.set(calledName, (this.calls.get(calledName) ?? 0) + 1);
    const { name, fault } = this.#strike(call) ?? { name: "" };
    if (isMadeHere(fault)) {
      this.tallies.applied(name);
      if (fault !== "hang") answerHere(incoming, response, fault);
      return;
    }
    if (isHeld(fault)) {
      await delay(fault.holdMs);
      this.tallies.applied(name);
      // The caller waited for less.
      if (response.destroyed) return;
    }
    if (!isRead) {
      if (fault !== undefined && !isHeld(fault)) this.tallies.notApplied(name, "bodies of this service flow through");
      return this.#answerFlowing(incoming, response);
    }
    const { status, headers, body } = await this.#answerOf(incoming, call, name, fault);
    if (fault === "lose-answer") {
      response.destroy();
      return;
    }
    response.writeHead(status, { ...messageHeaders(headers), "content-length": body.byteLength });
    response.end(body);
  }

  /** The emulator's answer, or what the caller is to take for it. */
  async #answerOf(incoming: IncomingMessage, call: AwsCall, name: string, fault: Fault | undefined): Promise<Answer> {
    const { body } = call;
    if (isChanged(fault)) return this.#change(incoming, body, name, fault);
    if (fault === undefined && readsList(call) && this.pageBytes < AWS_PAGE_BYTES) return this.#page(incoming, body);
    const answer = await this.#pass(incoming, body);
    if (fault === "lose-answer") this.#count(name, answer);
    if (fault === "twice") {
      const second = isOk(answer) ? await this.#pass(incoming, body) : answer;
      if (isOk(answer)) this.#count(name, answer, isOk(second) ? undefined : second);
      else this.tallies.refused(name);
    }
    return answer;
  }

  async #change(incoming: IncomingMessage, asMade: Buffer, name: string, change: ChangedCall): Promise<Answer> {
    const changed = await this.#passAsCaller(incoming, change.body);
    if (isOk(changed)) {
      try {
        const answer = change.answer ? withBody(changed, change.answer(changed.body)) : changed;
        this.tallies.applied(name);
        return answer;
      } catch (error) {
        this.tallies.notApplied(name, String(error));
        throw error;
      }
    }
    // Nothing has happened yet. What the emulator refuses, it refuses in its own words.
    const answer = await this.#pass(incoming, asMade);
    this.#count(name, answer, changed);
    return answer;
  }

  async #page(incoming: IncomingMessage, asMade: Buffer): Promise<Answer> {
    const { answer, endsEarly, refusal } = await readPage(asMade, this.pageBytes, {
      unchanged: () => this.#pass(incoming, asMade),
      asCaller: (body) => this.#passAsCaller(incoming, body),
      asAccount: async (body) => {
        return this.#send(incoming, body, await this.keyRing.signAsAccount(unsigned(incoming, body)));
      },
    });
    if (endsEarly || refusal) {
      this.tallies.occasion(PAGES_END_EARLY);
      this.#count(PAGES_END_EARLY, answer, refusal);
    }
    return answer;
  }

  /**
   * @param answer what the caller gets
   * @param refusal of what the trouble would have sent
   */
  #count(name: string, answer: Answer, refusal?: Answer): void {
    if (!isOk(answer)) this.tallies.refused(name);
    else if (refusal === undefined) this.tallies.applied(name);
    else this.tallies.notApplied(name, wordsOf(refusal));
  }

  async #answerFlowing(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const outgoing = this.#request(incoming, messageHeaders(incoming.headers));
    incoming.pipe(outgoing);
    response.on("close", () => outgoing.destroy());
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 502, messageHeaders(answer.headers));
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  }

  #pass(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    return this.#send(incoming, body, incoming.headers);
  }

  async #passAsCaller(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    return this.#send(incoming, body, await this.keyRing.signAsCaller(unsigned(incoming, body)));
  }

  async #send(incoming: IncomingMessage, body: Buffer, headers: IncomingHttpHeaders): Promise<Answer> {
    const sent = { ...messageHeaders(headers), "content-length": String(body.byteLength) };
    const outgoing = this.#request(incoming, sent);
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
