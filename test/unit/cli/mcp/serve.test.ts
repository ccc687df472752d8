import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, it, onTestFinished } from "vitest";
import { aCatalog } from "../harness/answers.ts";
import { CATALOG_ID, report, runThrough, startFakeApi, status } from "../harness/fake-api.ts";
import { callTool } from "../harness/mcp-harness.ts";

const SCRIPT = fileURLToPath(new URL("../../../../cli/enrichline.ts", import.meta.url));

it("as a process, by the SDK's own client over stdio: lists, previews, asks, uploads, ends with its client; stdout has the protocol only", async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "enrichline-mcp-")));
  await writeFile(join(folder, "mine.csv"), "asin\nB07CXG6C9W\n");
  const play = runThrough(status("completed", 20, 0));
  const api = await startFakeApi((seen) => {
    if (seen.path.endsWith("/catalogs") && seen.method === "GET")
      return { status: 200, body: { items: [aCatalog()], next_cursor: null } };
    return seen.query.dry_run === "true" ? { status: 200, body: { ...report, catalog_id: null } } : play(seen);
  });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [SCRIPT, "mcp", "--json"],
    env: { PATH: process.env.PATH ?? "", ENRICHLINE_API_URL: `${api.url}/api/v1`, ENRICHLINE_TOKEN: "t" },
    cwd: folder,
    stderr: "pipe",
  });
  const client = new Client({ name: "test", version: "1" });
  onTestFinished(async () => {
    await client.close();
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });
  let err = "";
  transport.stderr?.on("data", (data: Buffer) => {
    err += String(data);
  });
  const strays: Error[] = [];
  client.onerror = (error) => strays.push(error);
  await client.connect(transport);
  expect(client.getServerVersion()?.name).toBe("enrichline");
  expect((await client.listTools()).tools).toHaveLength(9);
  expect((await callTool(client, "list")).answer.items[0].catalog_id).toBe(CATALOG_ID);
  const { answer } = await callTool(client, "preview", { file: "mine.csv" });
  const uploaded = await callTool(client, "upload", { file: "mine.csv", confirm: answer.confirm, wait_seconds: 60 });
  expect(uploaded.answer).toMatchObject({ outcome: "done", status: { state: "completed" } });
  expect((await callTool(client, "upload", { file: "/etc/hostname" })).isError).toBe(true);
  expect(api.seen.filter(({ method, query }) => method === "POST" && query.dry_run !== "true")).toHaveLength(1);
  const { pid } = transport;
  await client.close();
  // A process that has ended answers ESRCH: it ended by itself or by the client's patience, and leaves nothing behind.
  expect(() => process.kill(pid ?? 0, 0)).toThrow("ESRCH");
  expect(err).toContain("MCP server on stdin and stdout");
  expect(strays).toEqual([]);
});

it("as a process: ends with 0 when its client closes stdin, and every line of stdout is a message", async () => {
  const child = spawn(process.execPath, [SCRIPT, "mcp", "--allow-folder", tmpdir()], {
    env: { PATH: process.env.PATH ?? "", ENRICHLINE_API_URL: "http://127.0.0.1:9/api/v1", ENRICHLINE_TOKEN: "t" },
  });
  const ended = once(child, "close");
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\nno message\n`);
  const out: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => {
    out.push(data);
    child.stdin.end();
  });
  const [code] = await ended;
  const lines = Buffer.concat(out).toString("utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).jsonrpc)).toEqual(["2.0"]);
  expect(code).toBe(0);
});
