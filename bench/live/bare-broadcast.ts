import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocketServer } from "ws";

/*
 * A bare broadcast in a process of its own: sends as many texts to all of its connections as it is told, at an even pace, and nothing
 * else. `node bench/live/bare-broadcast.ts <texts> <interval ms> <bytes>`; prints its port, and begins at a line on standard input.
 */

const [texts = 0, intervalMs = 0, bytes = 0] = process.argv.slice(2).map(Number);
const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
server.on("listening", () => console.log((server.address() as AddressInfo).port));
process.stdin.once("data", async () => {
  for (let n = 0; n < texts; n += 1) {
    const text = JSON.stringify({ sent_ms: Date.now(), filler: "x".repeat(bytes) });
    for (const client of server.clients) client.send(text);
    await delay(intervalMs);
  }
  // Only what was sent before is still on its way.
  for (const client of server.clients) client.close();
  server.close();
});
