import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callUpstream, MAX_ANSWER_BYTES } from "../../../../../lambdas/common/sources/calling/call-upstream.ts";
import { describeSource } from "../../../../../lambdas/common/sources/registry/registry.ts";

describe("an upstream call", () => {
  const asked: string[] = [];
  let written = 0;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url !== "/endless") {
      response.writeHead(307, { location: "/elsewhere" }).end("moved");
      return;
    }
    // As small on the wire as it is large for the reader, and without an end.
    response.writeHead(200, { "content-encoding": "gzip" });
    const zeros = createGzip();
    zeros.pipe(response);
    const fill = (): void => {
      while (!response.destroyed && zeros.write(Buffer.alloc(1_048_576))) written += 1;
      if (!response.destroyed) zeros.once("drain", fill);
    };
    fill();
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/start`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("is one request: a redirect is its answer, and the body with its secrets goes nowhere else", async () => {
    // A caller cannot ask for more.
    const init = { method: "POST", body: "client_secret=s", redirect: "follow" as const };
    const reply = await callUpstream({ source: "creators-api", fetch, url, init, signal: AbortSignal.timeout(5_000) });
    expect([reply.status, reply.body]).toEqual([307, "moved"]);
    expect(asked).toEqual(["POST /start"]);
  });

  it("stops reading an answer without an end, however small it is on the wire", async () => {
    const address = new URL("/endless", url).href;
    const call = callUpstream({ source: "keepa", fetch, url: address, signal: AbortSignal.timeout(30_000) });
    await expect(call).rejects.toMatchObject({
      ...{ code: "AnswerTooLarge", failureClass: "permanent", status: 200 },
      message: `the answer is larger than ${MAX_ANSWER_BYTES} bytes`,
    });
    expect(written * 1_048_576).toBeLessThan(40 * MAX_ANSWER_BYTES);
  });

  it.each(["creators-api", "paapi", "sp-api", "keepa", "product-page"] as const)(
    "is final at %s when its answer is too large",
    (id) => {
      expect(describeSource(id)?.classifyError("AnswerTooLarge")).toBe("permanent");
    },
  );
});
