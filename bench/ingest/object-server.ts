import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import * as z from "zod";

/** What the server was sent and gave out. */
export const ServedSchema = z.object({
  /** By method, parts of an upload apart from whole objects. */
  requests: z.record(z.string(), z.number()),
  bytesIn: z.number(),
  /** Lines of each object, by the last part of its key. */
  lines: z.record(z.string(), z.number()),
  cpuMs: z.number(),
});
export type Served = z.infer<typeof ServedSchema>;

const xml = (response: ServerResponse, name: string, content: string): void => {
  response.writeHead(200, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><${name}>${content}</${name}>`);
};

const linesIn = (chunk: Buffer): number => {
  let lines = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  return lines;
};

/**
 * The part of S3 that ingest uses, and nothing else: GET serves one file from disk, PUT and uploads in parts are read to
 * their end and dropped, once their lines are counted. It costs as little as an HTTP server can, so that what is measured
 * is its client.
 */
class ObjectServer {
  readonly #file: string;
  #requests: Record<string, number> = {};
  #lines: Record<string, number> = {};
  #bytesIn = 0;
  #cpu = process.cpuUsage();

  constructor(file: string) {
    this.#file = file;
  }

  async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
    if (pathname === "/served") {
      response.end(JSON.stringify(this.#take()));
      return;
    }
    const what = searchParams.has("partNumber") ? " part" : searchParams.size > 0 ? " upload in parts" : "";
    const name = `${incoming.method}${what}`;
    this.#requests[name] = (this.#requests[name] ?? 0) + 1;
    if (incoming.method === "GET") return this.#give(response);
    const isObject = incoming.method === "PUT";
    const key = pathname.split("/").at(-1) ?? "";
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      if (!isObject) continue;
      this.#bytesIn += chunk.length;
      this.#lines[key] = (this.#lines[key] ?? 0) + linesIn(chunk);
    }
    if (incoming.method === "POST") {
      if (searchParams.has("uploads")) xml(response, "InitiateMultipartUploadResult", "<UploadId>1</UploadId>");
      else xml(response, "CompleteMultipartUploadResult", '<ETag>"0"</ETag>');
      return;
    }
    response.writeHead(incoming.method === "DELETE" ? 204 : 200, { etag: '"0"' });
    response.end();
  }

  async #give(response: ServerResponse): Promise<void> {
    const { size } = await stat(this.#file);
    response.writeHead(200, { "content-type": "text/csv", "content-length": size, etag: '"0"' });
    await pipeline(createReadStream(this.#file, { highWaterMark: 262_144 }), response);
  }

  #take(): Served {
    const { user, system } = process.cpuUsage(this.#cpu);
    const served = {
      requests: this.#requests,
      bytesIn: this.#bytesIn,
      lines: this.#lines,
      cpuMs: (user + system) / 1_000,
    };
    this.#requests = {};
    this.#lines = {};
    this.#bytesIn = 0;
    this.#cpu = process.cpuUsage();
    return served;
  }
}

/** Body of the server's process: it sends its parent the port and ends with it. */
export const runObjectServer = async (file: string): Promise<void> => {
  const objects = new ObjectServer(file);
  const server = createServer((incoming, response) => {
    objects.serve(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.on("disconnect", () => process.exit(0));
  process.send?.(server.address());
};
