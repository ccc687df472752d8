import type { Command } from "commander";
import type { ServeOptions } from "../mcp/serve.ts";
import type { RunWithoutTarget } from "../run-command.ts";
import { collect } from "./collect.ts";

const AFTER_HELP = `
A client starts it, not a person; docs/clients/mcp.md has the settings of common clients. It signs in as the other commands do.`;

/** Adds `mcp`. Its modules, and the SDK, are loaded when it runs. */
export const addMcp = (program: Command, run: RunWithoutTarget): void => {
  program
    .command("mcp")
    .description("serve the operations to an AI assistant: the Model Context Protocol over stdin and stdout")
    .option(
      "--allow-folder <folder>",
      "folder in which catalogs may be read and exports saved; may be repeated (default: this one)",
      collect,
    )
    .option("--with-content", "also give out product content, with the notices of its licences")
    .addHelpText("after", AFTER_HELP)
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<ServeOptions>();
      // stdout carries the protocol only, so a failure to start is words on stderr, whatever --json says.
      await run({}, async (io) => {
        const { serveMcp } = await import("../mcp/serve.ts");
        return serveMcp(io, options);
      });
    });
};
