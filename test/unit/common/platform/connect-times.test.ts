import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, vi } from "vitest";

it("is unknown before the second connection, the first being cold, and then measured from what fetch opens", async () => {
  // As a new process has it; other tests of this one have opened connections.
  vi.resetModules();
  const { connectionsOpened, longestConnectMs } = await import("../../../../lambdas/common/platform/connect-times.ts");
  expect(longestConnectMs()).toBeUndefined();
  const server = createServer((_request, response) => response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const open = async (): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } });
    await response.text();
  };
  await open();
  expect(longestConnectMs()).toBeUndefined();
  await open();
  expect(connectionsOpened()).toBe(2);
  const measured = longestConnectMs();
  expect(measured).toBeGreaterThan(0);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  // A connection that was refused has no time.
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  expect(longestConnectMs()).toBe(measured);
  // Nor has one that is not fetch's.
  await new Promise<void>((resolve) => connect(port, "127.0.0.1").on("error", () => resolve()));
  expect(longestConnectMs()).toBe(measured);
  expect(connectionsOpened()).toBe(2);
});
