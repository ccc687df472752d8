import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { LambdaContext } from "hono/aws-lambda";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createHttpApp } from "../../../../../lambdas/common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../../../lambdas/common/platform/http/http-env.ts";
import { createLambdaHandler } from "../../../../../lambdas/common/platform/http/lambda-handler.ts";
import { json } from "../../../../../lambdas/common/platform/http/route-parts.ts";

const AnswerSchema = z.object({ statusCode: z.number(), body: z.string(), headers: z.record(z.string(), z.string()) });

/** An app with one route below `/things/{id}`, which says what it got. */
const thingsApp = (): OpenAPIHono<HttpEnv> => {
  const app = createHttpApp({
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    now: () => 0,
    newCorrelationId: () => "correlation-1",
  });
  const responses = { 200: json(z.looseObject({}), "What it got") };
  const request = {
    params: z.object({ id: z.string() }),
    query: z.object({ q: z.string().optional() }),
    headers: z.object({ "x-thing": z.string().min(1).optional() }),
  };
  app.openapi(createRoute({ method: "post", path: "/api/v1/things/{id}", request, responses }), async (c) =>
    c.json({ id: c.req.valid("param").id, q: c.req.valid("query").q ?? null, body: await c.req.text() }, 200),
  );
  return app;
};

const invoke = async (change: object) => {
  const handler: (event: never, context?: LambdaContext) => Promise<unknown> = createLambdaHandler(thingsApp());
  const event = {
    ...{ version: "2.0", routeKey: "POST /x", rawPath: "/api/v1/things/1", rawQueryString: "", isBase64Encoded: false },
    headers: { "content-type": "application/json" },
    requestContext: { domainName: "api.example.com", http: { method: "POST" } },
    body: '{"a":"é"}',
    ...change,
  };
  const { statusCode, body, headers } = AnswerSchema.parse(await handler(event as never));
  return { statusCode, headers, body: JSON.parse(body) };
};
const jsonHeader = { "content-type": "application/json" };

describe("text that is no Unicode", () => {
  it.each([
    ["path", { rawPath: "/api/v1/things/\ud800" }, "path"],
    ["path, as bytes", { rawPath: "/api/v1/things/%ED%A0%80" }, "path"],
    ["query", { rawQueryString: "q=\udc00" }, "query"],
    ["query, as bytes", { rawQueryString: "q=a%ED%A0%80" }, "query"],
    ["name of a parameter", { rawQueryString: "q%FF=1" }, "query"],
    ["header", { headers: { ...jsonHeader, "x-thing": "\ud83d" } }, "headers"],
    ["name of a header", { headers: { ...jsonHeader, "x-\ud83d": "1" } }, "headers"],
    ["cookie", { cookies: ["a=\ud83d"] }, "cookies"],
    ["body", { body: '{"a":"\ud83d"}' }, "body"],
    ["escape in the body", { body: '{"a":"\\ud83d"}' }, "body"],
    ["escape deep in the body", { body: '{"a":[{"b":[1,"x\\udc00y"]}]}' }, "body"],
    ["key of an object", { body: '{"\\ud83d":1}' }, "body"],
    ["body in base64", { body: Buffer.from('{"a":"\\ud83d"}').toString("base64"), isBase64Encoded: true }, "body"],
    ["line of an NDJSON body", { headers: { "content-type": "application/x-ndjson" }, body: '{}\n"\\ud83d"' }, "body"],
  ])("is refused in the %s", async (_what, change, field) => {
    const { statusCode, body, headers } = await invoke(change);
    expect([statusCode, body]).toMatchObject([400, { code: "invalid_text", status: 400, errors: [{ field }] }]);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect(body.correlation_id).toBe("correlation-1");
  });
});

describe("text that is Unicode", () => {
  it("arrives as it was sent", async () => {
    const change = {
      rawPath: "/api/v1/things/%F0%9F%98%80",
      rawQueryString: "q=50%&x=%C3%A9",
      body: '{"a":"\\ud83d\\ude00"}',
    };
    expect(await invoke(change)).toMatchObject({ statusCode: 200, body: { q: "50%", body: change.body } });
  });

  it("is not looked for escapes where it is no JSON", async () => {
    const change = { headers: { "content-type": "text/csv" }, body: "asin\n\\ud83d\n" };
    expect(await invoke(change)).toMatchObject({ statusCode: 200, body: { body: change.body } });
  });
});

it("keeps an empty header, so that a route can refuse it", async () => {
  const { statusCode, body } = await invoke({ headers: { ...jsonHeader, "x-thing": "" } });
  expect([statusCode, body.errors]).toMatchObject([400, [{ field: "x-thing" }]]);
});

it("answers 405 with Allow for a method that a route's address does not have, and 404 for no address", async () => {
  const http = { method: "PUT" };
  const answer = await invoke({ requestContext: { domainName: "api.example.com", http } });
  expect([answer.statusCode, answer.headers.allow, answer.body.code]).toEqual([405, "POST", "method_not_allowed"]);
  const none = await invoke({ rawPath: "/api/v1/things", requestContext: { domainName: "api.example.com", http } });
  expect([none.statusCode, none.headers.allow]).toEqual([404, undefined]);
});

describe("what makes no request", () => {
  it.each(["a\u0000b", "line\nbreak", "日本"])("is refused in a header as every request is: %j", async (value) => {
    const { statusCode, body, headers } = await invoke({ headers: { ...jsonHeader, "x-thing": value } });
    expect([statusCode, body]).toMatchObject([400, { code: "invalid_text", errors: [{ field: "x-thing" }] }]);
    expect(headers["content-type"]).toBe("application/problem+json");
  });

  it.each(["\u000f\r", "a\tb", "a\n", " ", "?", "a?b=c", "#", "a#b", "a\\b", "\\"])(
    "stays part of the address, which names nothing else: %j",
    async (id) => {
      const event = { requestContext: { domainName: "a.example", http: { method: "POST" } } };
      const { statusCode, body } = await invoke({ ...event, rawPath: `/api/v1/things/${id}` });
      // An address without it would be that of the list, or of another thing.
      expect([statusCode, body.id]).toEqual([200, id]);
    },
  );

  it.each([".", "..", "%2e%2e", ".%2E"])("is no way up where it is dots: %j", async (id) => {
    const { statusCode, body } = await invoke({ rawPath: `/api/v1/things/${id}` });
    expect([statusCode, body.id]).toEqual([200, id.replace(/\.|%2e/gi, "%2e")]);
  });

  it("a body that comes with a GET is not read", async () => {
    const { statusCode, body } = await invoke({ requestContext: { domainName: "a.example", http: { method: "GET" } } });
    // The app has no GET: it says so in its own words.
    expect([statusCode, body.code]).toEqual([405, "method_not_allowed"]);
  });
});
