import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { EXIT, type ExitCode } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import type { TargetOptions } from "../target/target.ts";
import { createServer } from "./create-server.ts";
import { AllowedFolders } from "./folders.ts";

/** What the command line says of the server. */
export interface ServeOptions extends TargetOptions {
  readonly withContent?: boolean | undefined;
  readonly allowFolder?: readonly string[] | undefined;
}

/**
 * Serves one MCP client over stdin and stdout until it closes stdin, or Ctrl-C; calls under way are then given up.
 * @throws CliError USAGE when an allowed folder is none
 */
export const serveMcp = async (io: Io, options: ServeOptions): Promise<ExitCode> => {
  const folders = await AllowedFolders.open(options.allowFolder ?? [], process.cwd());
  const ended = new AbortController();
  const interrupted = AbortSignal.any([io.interrupted, ended.signal]);
  const server = createServer(
    { ...io, out: io.err, interrupted },
    { ...options, withContent: options.withContent ?? false, folders },
  );
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  await server.connect(new StdioServerTransport());
  const close = (): void => {
    ended.abort();
    void server.close();
  };
  // The SDK's transport does not notice that its client is gone.
  process.stdin.once("end", close);
  process.stdin.once("close", close);
  // A client that is gone reads no answers; that is no fault.
  process.stdout.on("error", close);
  io.interrupted.addEventListener("abort", close, { once: true });
  const where = folders.names.join(", ") || "none (--allow-folder)";
  io.err(`MCP server on stdin and stdout; folders: ${where}; product content: ${options.withContent ? "on" : "off"}\n`);
  await closed;
  return EXIT.OK;
};
