import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callUpstream } from "../../../../../lambdas/common/sources/calling/call-upstream.ts";

describe("an upstream call", () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(307, { location: "/elsewhere" }).end("moved");
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/start`;
  });
  afterAll(() => {
    server.close();
  });

  it("is one request: a redirect is its answer, and the body with its secrets goes nowhere else", async () => {
    const init = { method: "POST", body: "client_secret=s" };
    const reply = await callUpstream({ source: "creators-api", fetch, url, init, signal: AbortSignal.timeout(5_000) });
    expect([reply.status, reply.body]).toEqual([307, "moved"]);
    expect(asked).toEqual(["POST /start"]);
  });
});
