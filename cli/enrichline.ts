#!/usr/bin/env node
import { processIo } from "./output/io.ts";
import { runCli } from "./program.ts";

const interrupt = new AbortController();
// The first Ctrl-C ends watching and leaves the run going; a second one ends the program at once.
process.once("SIGINT", () => interrupt.abort());
process.exitCode = await runCli(process.argv.slice(2), processIo(interrupt.signal));
