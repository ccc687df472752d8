#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before the modules are loaded: each later start takes half the time.
enableCompileCache();
const { processIo } = await import("./output/io.ts");
const { runCli } = await import("./program.ts");

const interrupt = new AbortController();
// The first Ctrl-C ends watching and leaves the run going; a second one ends the program at once.
process.once("SIGINT", () => interrupt.abort());
process.exitCode = await runCli(process.argv.slice(2), processIo(interrupt.signal));
