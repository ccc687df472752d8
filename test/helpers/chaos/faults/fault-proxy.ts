import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Seeded } from "../seeded.ts";
import { type AwsCall, awsCallOf } from "./aws-call.ts";
import type { Trouble } from "./faults.ts";

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};

/** Stands between functions and the emulator, and makes the trouble that the emulator never makes by itself. */
export class FaultProxy {
  readonly #target: URL;
  readonly #random: Seeded;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, response) => {
    this.#serve(incoming, response).catch(() => response.destroy());
  });
  readonly #hanging = new Set<ServerResponse>();
  #troubles: Trouble[] = [];
  /** Calls that each kind of trouble has met, by its name. */
  readonly met = new Map<string, number>();
  /** All calls that came, by `service:operation`. */
  readonly calls = new Map<string, number>();

  constructor(emulatorUrl: string, random: Seeded) {
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

  async stop(): Promise<void> {
    this.#troubles = [];
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  /** Begins a kind of trouble. @returns ends it */
  begin(trouble: Trouble): () => void {
    this.#troubles.push(trouble);
    return () => {
      this.#troubles = this.#troubles.filter((other) => other !== trouble);
    };
  }

  #strike(call: AwsCall) {
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
    const method = incoming.method ?? "GET";
    const body = await bodyOf(incoming);
    const call = awsCallOf(incoming.headers, method, incoming.url ?? "", body);
    const name = `${call.service}:${call.operation}`;
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    const fault = this.#strike(call);
    if (fault === "hang") {
      this.#hanging.add(response);
      return;
    }
    if (fault === "cut") {
      response.destroy();
      return;
    }
    if (fault !== undefined && fault !== "lose-answer") {
      response.writeHead(fault.status, { "content-type": fault.type });
      response.end(fault.body);
      return;
    }
    const answer = await this.#pass(incoming, body);
    if (fault === "lose-answer") {
      response.destroy();
      return;
    }
    const { "transfer-encoding": _chunked, connection: _connection, ...headers } = answer.headers;
    response.writeHead(answer.status, { ...headers, "content-length": answer.body.byteLength });
    response.end(answer.body);
  }

  async #pass(incoming: IncomingMessage, body: Buffer) {
    const { "transfer-encoding": _chunked, connection: _connection, ...headers } = incoming.headers;
    const outgoing = request({
      host: this.#target.hostname,
      port: this.#target.port,
      method: incoming.method,
      path: incoming.url,
      agent: this.#agent,
      headers: { ...headers, host: this.#target.host, "content-length": body.byteLength },
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) };
  }
}
