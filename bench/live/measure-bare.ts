import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";

/** What the bare broadcast sends. */
export interface BareSetting {
  readonly connections: number;
  readonly texts: number;
  readonly intervalMs: number;
  readonly bytes: number;
}

/**
 * Listens to a bare broadcast of a process of its own.
 * @returns milliseconds from the sending of each text to its arrival at each connection
 */
export const measureBare = async ({ connections, texts, intervalMs, bytes }: BareSetting): Promise<number[]> => {
  const main = join(import.meta.dirname, "bare-broadcast.ts");
  const child = spawn(process.execPath, [main, ...[texts, intervalMs, bytes].map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    const afterMs: number[] = [];
    const ends: Promise<unknown>[] = [];
    for (let n = 0; n < connections; n += 1) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      socket.on("message", (data) => afterMs.push(Date.now() - JSON.parse(String(data)).sent_ms));
      await once(socket, "open");
      ends.push(once(socket, "close"));
    }
    child.stdin.write("begin\n");
    await Promise.all(ends);
    return afterMs;
  } finally {
    child.kill();
  }
};
