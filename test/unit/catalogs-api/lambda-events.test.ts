import { readFileSync } from "node:fs";
import type { LambdaContext } from "hono/aws-lambda";
import { expect, it } from "vitest";
import * as z from "zod";
import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import { createLambdaHandler } from "../../../lambdas/common/platform/http/lambda-handler.ts";
import { fakeDeps } from "./fake-deps.ts";

const EventSchema = z.looseObject({ rawPath: z.string() });
const ResultSchema = z.object({ statusCode: z.number(), body: z.string(), headers: z.record(z.string(), z.string()) });

const invoke = async (name: string, change: (event: z.infer<typeof EventSchema>) => unknown = (event) => event) => {
  const { deps, world } = fakeDeps();
  const text = readFileSync(new URL(`../../../events/api/catalogs/${name}.v1.json`, import.meta.url), "utf8");
  const handler: (event: never, context?: LambdaContext) => Promise<unknown> = createLambdaHandler(createApp(deps));
  const event = change(EventSchema.parse(JSON.parse(text)));
  const { statusCode, body, headers } = ResultSchema.parse(await handler(event as never));
  return { statusCode, body: JSON.parse(body), headers, world };
};

it("reads a base64 body with a byte-order mark, semicolons and the user of the token", async () => {
  const { statusCode, body, world } = await invoke("upload-csv-base64");
  expect(statusCode).toBe(202);
  expect(body).toMatchObject({ total_products: 2, rejected: { count: 1 } });
  expect(world.catalogs).toMatchObject([
    { name: "Spring range", marketplace: "www.amazon.de", user_id: "6a1f0c5e-0000-4000-8000-000000000001" },
  ]);
  expect(world.onceKeys).toEqual(["5f0c2a9e"]);
});

it.each([
  ["upload-json", 200],
  ["upload-ndjson", 201],
  ["list-catalogs", 200],
  ["upload-invalid-query", 400],
])("answers the sample %s with %i", async (name, status) => {
  expect((await invoke(name)).statusCode).toBe(status);
});

it("finds its routes below a named stage too", async () => {
  const { statusCode } = await invoke("list-catalogs", (event) => ({ ...event, rawPath: `/local${event.rawPath}` }));
  expect(statusCode).toBe(200);
});

it("carries the caller's correlation id into the run, the answer and the log", async () => {
  const { headers, world } = await invoke("upload-csv-base64", (event) => ({
    ...event,
    headers: { "content-type": "text/csv", "x-correlation-id": "trace-12345678" },
  }));
  expect(headers["x-correlation-id"]).toBe("trace-12345678");
  expect(world.runs[0]?.correlation_id).toBe("trace-12345678");
  expect(world.logs.at(-1)?.extra).toMatchObject({ correlation_id: "trace-12345678", status: 202 });
});

it("refuses a text body whose bytes were replaced on the way, and takes the same file byte by byte", async () => {
  // As Windows-1252 writes "Tür", and as API Gateway hands it on.
  const bytes = Buffer.from("asin,title\nB0EVENTS01,Tür\n", "latin1");
  const sent = (body: string, isBase64Encoded: boolean, type: string) =>
    invoke("upload-csv-base64", (event) => ({ ...event, headers: { "content-type": type }, body, isBase64Encoded }));

  const damaged = await sent(bytes.toString("utf8"), false, "text/csv");
  expect(damaged).toMatchObject({ statusCode: 400, body: { code: "invalid_encoding" } });
  expect(damaged.body.detail).toContain("application/csv");
  expect(damaged.world.catalogs).toEqual([]);
  // UTF-16 is not only reported but read.
  const utf16 = Buffer.from("\uFEFFasin\ttitle\nB0EVENTS01\tTür\n", "utf16le");
  const whole = await sent(utf16.toString("base64"), true, "application/csv");
  expect(whole).toMatchObject({ statusCode: 202, body: { total_products: 1 } });
});

it.each(["", " ", "a b", "x".repeat(256)])("refuses the Idempotency-Key %j, on a dry run too", async (key) => {
  const { statusCode, body, world } = await invoke("upload-json", (event) => ({
    ...event,
    headers: { "content-type": "application/json", "idempotency-key": key },
  }));
  expect([statusCode, body]).toMatchObject([400, { errors: [{ field: "idempotency-key" }] }]);
  expect(world.catalogs).toEqual([]);
});
