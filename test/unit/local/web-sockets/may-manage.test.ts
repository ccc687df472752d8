import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { askEmulator, type MayManage } from "../../../../local/web-sockets/may-manage.ts";

let emulator: Server;
let status: number;
let asked: { readonly url: string | undefined; readonly host: string | undefined; readonly body: string }[];
let nowMs: number;
let mayManage: MayManage;

beforeEach(async () => {
  [status, asked, nowMs] = [410, [], 0];
  emulator = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    asked.push({ url: request.url, host: request.headers.host, body });
    response.writeHead(status).end();
  });
  emulator.listen(0, "127.0.0.1");
  await once(emulator, "listening");
  mayManage = askEmulator(`http://127.0.0.1:${(emulator.address() as AddressInfo).port}`, () => nowMs);
});
afterEach(() => {
  emulator.closeAllConnections();
  emulator.close();
});

const call = (caller: string | undefined, method = "POST"): Promise<boolean> => {
  const signature = `AWS4-HMAC-SHA256 Credential=${caller}/20260101/us-east-1/execute-api/aws4_request`;
  const incoming = {
    method,
    url: "/live/@connections/c1",
    headers: { host: "signed.host:1", ...(caller ? { authorization: signature } : {}) },
  };
  return mayManage(incoming as unknown as IncomingMessage, Buffer.from("text"));
};

it("asks with the very request that was signed; what the emulator does not refuse is allowed", async () => {
  expect(await call("AKIA1")).toBe(true);
  expect(asked).toEqual([{ url: "/live/@connections/c1", host: "signed.host:1", body: "text" }]);
});

it("asks once a minute for a caller and a method, and each time for who was refused", async () => {
  for (const _ of [1, 2, 3]) await call("AKIA1");
  expect(asked).toHaveLength(1);
  status = 403;
  expect(await call("AKIA1")).toBe(true);
  expect(await call("AKIA1", "DELETE")).toBe(false);
  expect(await call("AKIA2")).toBe(false);
  expect(await call("AKIA2")).toBe(false);
  expect(asked).toHaveLength(4);
  nowMs += 60_000;
  expect(await call("AKIA1")).toBe(false);
});

it("asks each time for a call that nobody signed", async () => {
  await call(undefined);
  status = 403;
  expect(await call(undefined)).toBe(false);
});
