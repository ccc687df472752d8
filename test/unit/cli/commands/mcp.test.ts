import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runWith } from "../harness/harness.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
/** Names every module that the command line loads before a command runs. */
const LOADED = `
import { registerHooks } from "node:module";
const urls = [];
registerHooks({ load: (url, context, next) => { urls.push(url); return next(url, context); } });
await import("./cli/program.ts");
console.log(JSON.stringify(urls));
`;

it("costs other commands nothing: neither the SDK nor the server is loaded before it runs", () => {
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", LOADED], { cwd: ROOT, encoding: "utf8" });
  const loaded: string[] = JSON.parse(out);
  expect(loaded.some((url) => url.endsWith("/cli/commands/mcp.ts"))).toBe(true);
  expect(loaded.filter((url) => /@modelcontextprotocol|\/cli\/mcp\//.test(url))).toEqual([]);
});

it("a folder that is none ends it with 2, in words on stderr, also with --json", async () => {
  const { code, out, err } = await runWith(["mcp", "--allow-folder", "/no/such/folder", "--json"], {});
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toContain("/no/such/folder is no folder");
});
