import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createPostWebhook, type PostTools } from "../../../../../lambdas/common/platform/webhooks/post-webhook.ts";

const servers: Server[] = [];
const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
};
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const LOCAL = ["127.0.0.1"];
const post = (url: string, tools: Partial<PostTools> = {}) =>
  createPostWebhook({
    resolveHost: async () => {
      throw new Error("nobody may ask");
    },
    allowed: LOCAL,
    userAgent: "Enrichline/test",
    ...tools,
  })({ url, headers: { "webhook-id": "msg_1", "content-type": "application/json" }, body: '{"é":1}' });

describe("a call to an endpoint", () => {
  it("posts the body with its headers and our name, and gives the status", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      const { method, headers } = request;
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        seen.push({
          method,
          id: headers["webhook-id"],
          agent: headers["user-agent"],
          length: headers["content-length"],
          body,
        });
        response.writeHead(204).end();
      });
    });
    expect(await post(url)).toEqual({ status: 204, error: null });
    expect(seen).toEqual([{ method: "POST", id: "msg_1", agent: "Enrichline/test", length: "8", body: '{"é":1}' }]);
  });

  it("follows no redirect: the status of the redirect is the answer", async () => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
    });
    expect(await post(url)).toEqual({ status: 302, error: null });
    expect(calls).toBe(1);
  });

  it("reads an endless answer to its limit, and keeps its status", async () => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write("x".repeat(16_384), more);
      };
      more();
    });
    expect(await post(url)).toEqual({ status: 200, error: null });
  });

  it("counts an answer whose body never ends by itself, when the time is over", async () => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(200);
      response.write("x");
    });
    expect(await post(url, { limitMs: 2_000 })).toEqual({ status: 200, error: null });
  });

  it("ends after its limit without an answer", async () => {
    const url = await serve(() => {});
    expect(await post(url, { limitMs: 100 })).toEqual({ status: null, error: "timeout" });
  });

  it("ends after its limit when the head of the answer comes letter by letter", async () => {
    let letters = 0;
    const url = await serve(({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
      const drip = setInterval(() => {
        letters += 1;
        socket.write("x");
      }, 10);
      socket.on("close", () => clearInterval(drip)).on("error", () => clearInterval(drip));
    });
    expect(await post(url, { limitMs: 1_000 })).toEqual({ status: null, error: "timeout" });
    expect(letters).toBeGreaterThan(1);
  });

  it("ends after its limit when no name server answers", async () => {
    const resolveHost = () => new Promise<never>(() => {});
    expect(await post("https://slow.example.com/", { limitMs: 50, resolveHost })).toEqual({
      status: null,
      error: "timeout",
    });
  });

  it("says that nobody listens, and that a name has no address", async () => {
    const url = await serve(() => {});
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    expect(await post(url)).toEqual({ status: null, error: "connection" });
    const resolveHost = async () => {
      throw new Error("ENOTFOUND");
    };
    expect(await post("https://none.example.com/", { resolveHost })).toEqual({ status: null, error: "dns" });
    expect(await post("https://none.example.com/", { resolveHost: async () => [] })).toEqual({
      status: null,
      error: "dns",
    });
  });

  it("says that a server speaks no TLS", async () => {
    const url = (await serve((_request, response) => response.end())).replace("http:", "https:");
    expect(await post(url)).toEqual({ status: null, error: "tls" });
  });
});

describe("a name that leads to a private address", () => {
  const PRIVATE = [
    "127.0.0.1",
    "10.0.0.8",
    "169.254.169.254",
    "::1",
    "fd00:ec2::254",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
  ];

  it.each(PRIVATE)("%s gets nothing, although it stands for a public one too", async (address) => {
    for (const addresses of [[address], ["8.8.8.8", address]]) {
      const outcome = await post("https://rebound.example.com/", { allowed: [], resolveHost: async () => addresses });
      expect(outcome).toEqual({ status: null, error: "address_refused" });
    }
  });

  it("gets nothing by answering differently the second time: it is asked once, and the connection goes where it was checked", async () => {
    let calls = 0;
    const url = new URL(
      await serve((request, response) => {
        calls += 1;
        expect(request.headers.host).toBe(`rebound.example.com:${url.port}`);
        response.end();
      }),
    );
    let asked = 0;
    // The server speaks no TLS, which shows that the connection went to it and not to the second answer.
    const outcome = await post(`https://rebound.example.com:${url.port}/`, {
      resolveHost: async () => {
        asked += 1;
        return asked === 1 ? ["127.0.0.1"] : ["203.0.113.1"];
      },
    });
    expect([outcome, asked, calls]).toEqual([{ status: null, error: "tls" }, 1, 0]);
  });

  it("written as an address gets nothing either, and nobody is asked", async () => {
    const hosts = [
      ...["127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "127.0.0.1."],
      ...["[::ffff:127.0.0.1]", "[64:ff9b::a00:1]", "[fd00::1]", "[fe80::1]", "[fe80::1%25eth0]"],
    ];
    for (const host of hosts) {
      expect(await post(`https://${host}/`, { allowed: [] })).toEqual({ status: null, error: "address_refused" });
    }
    const url = await serve((_request, response) => response.end());
    expect(await post(url, { allowed: [] })).toEqual({ status: null, error: "address_refused" });
  });
});
