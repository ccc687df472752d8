import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { ElicitRequestSchema, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import { createServer } from "../../../../cli/mcp/create-server.ts";
import { AllowedFolders } from "../../../../cli/mcp/folders.ts";
import type { Io } from "../../../../cli/output/io.ts";
import { type Reply, type Seen, startFakeApi } from "./fake-api.ts";
import { SILENT_IO } from "./no-input.ts";

/** How the test's client and server are. */
export interface McpSettings {
  readonly withContent?: boolean;
  /** What the person says when asked; absent: the client cannot ask. */
  readonly person?: (question: string) => ElicitResult;
  readonly env?: Readonly<Record<string, string>>;
  readonly io?: Partial<Io>;
  /** Whether the client holds answers against the schemas of the list; it takes a while. @default false */
  readonly listed?: boolean;
}

/** A tool's answer as the client got it. */
export interface Called {
  readonly isError: boolean;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every tool
  readonly answer: any;
}

/** Calls a tool by the SDK's own client, which holds what is structured against the tool's schema. */
export const callTool = async (
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
  options: Parameters<Client["callTool"]>[2] = {},
): Promise<Called> => {
  const result = await client.callTool({ name, arguments: input }, undefined, options);
  const [first] = Array.isArray(result.content) ? result.content : [];
  return { isError: result.isError === true, text: first?.text ?? "", answer: result.structuredContent };
};

/** A server, the SDK's client before it and an API behind it; all end with the test. */
export const openMcp = async (reply: (seen: Seen) => Reply, settings: McpSettings = {}) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "enrichline-mcp-")));
  await mkdir(join(folder, "lists"));
  const file = join(folder, "lists", "mine.csv");
  await writeFile(file, "asin\nB07CXG6C9W\n");
  const api = await startFakeApi(reply);
  let err = "";
  const io: Io = {
    ...SILENT_IO,
    out: () => {
      throw new Error("stdout belongs to the protocol");
    },
    err: (text) => {
      err += text;
    },
    env: { ENRICHLINE_API_URL: `${api.url}/api/v1`, ENRICHLINE_TOKEN: "t", ...settings.env },
    ...settings.io,
  };
  const folders = await AllowedFolders.open([join(folder, "lists")], folder);
  const server = createServer(io, { withContent: settings.withContent ?? false, folders });
  const { person } = settings;
  const client = new Client({ name: "test", version: "1" }, { capabilities: person ? { elicitation: {} } : {} });
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params.message));
  const [one, other] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(one), client.connect(other)]);
  const { tools } = settings.listed ? await client.listTools() : { tools: [] };
  onTestFinished(async () => {
    await client.close();
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    ...{ client, tools, api, folder, file },
    err: () => err,
    call: (name: string, input?: Record<string, unknown>, options?: Parameters<Client["callTool"]>[2]) =>
      callTool(client, name, input, options),
    /** Calls that changed something. */
    changes: () => api.seen.filter(({ method, query }) => method !== "GET" && query.dry_run !== "true"),
  };
};
