import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { freePort, isPortFree, usualOrFreePort } from "../../../../local/process/ports.ts";

const open: Server[] = [];
const occupy = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    open.push(server);
    server.once("error", reject);
    server.listen(0, host, () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve(address.port);
    });
  });

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

test("a port on which somebody listens by IPv4 is not free", async () => {
  expect(await isPortFree(await occupy("127.0.0.1"))).toBe(false);
});

test("the usual port is taken when it is free", async () => {
  const port = await freePort();
  expect(await usualOrFreePort(port)).toBe(port);
});

test("another port is given when the usual one is in use, and it can be listened on", async () => {
  const taken = await occupy("127.0.0.1");
  const given = await usualOrFreePort(taken);
  expect(given).not.toBe(taken);
  expect(await isPortFree(given)).toBe(true);
});

test("zero asks for any free port", async () => {
  expect(await usualOrFreePort(0)).toBeGreaterThan(1023);
});
