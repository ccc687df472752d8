import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEMO_USAGE, type DemoFlags, parseDemoFlags } from "./demo/parse-flags.ts";
import { runDemo } from "./demo/run-demo.ts";
import { runShopDemo } from "./demo/run-shop-demo.ts";
import { type Layout, layoutOf } from "./layout.ts";
import type { Outputs } from "./outputs.ts";
import { describeStack } from "./stack/describe-stack.ts";
import { type EnteredLocal, enterLocal } from "./stack/enter-local.ts";
import { findRunning } from "./stack/find-running.ts";
import { type EntryContext, runEntry } from "./stack/run-entry.ts";

/** Whether a running stack's simulators serve what this demo asks for. */
const servesWanted = async (layout: Layout, flags: DemoFlags): Promise<boolean> => {
  if (flags.products === undefined) return true;
  const found = await findRunning(layout);
  if (found.state !== "running" && found.state !== "starting") return true;
  const { file, keep_nulls } = found.run.products;
  return file === flags.products && keep_nulls === flags.keepNulls;
};

/** What a person may do next, while the stack keeps running or after it ended. */
const whereToLook = (entered: EnteredLocal, layout: Layout, command: string, isGoing: boolean): string[] => {
  if (!isGoing) {
    return [
      "Where to look next",
      "  npm run local                 the same stack, to stay: start page, API, users",
      "  npx enrichline upload FILE    then enriches a catalog of yours",
      "  README.md, docs/              how it works and how it goes to AWS",
    ];
  }
  // A stack in another folder than the usual is found by this variable.
  const isUsual = layout.dir === layoutOf(undefined, {}).dir;
  const commands = isUsual ? [] : [`  export ENRICHLINE_LOCAL_DIR=${layout.dir}`];
  return [
    ...describeStack(entered.outputs, layout),
    "",
    "Where to look next, in another terminal",
    ...commands,
    `  ${command}`,
    "  npx enrichline upload FILE    a catalog of yours",
    "  npx enrichline catalogs       all of them",
    "  npm run local:stop            ends it",
  ];
};

/** Shows what was asked for. `next`: a command that looks at it again. */
const show = async (outputs: Outputs, flags: DemoFlags, out: NodeJS.WriteStream, signal: AbortSignal) => {
  if (flags.shop) {
    const summary = await runShopDemo(outputs, out, signal);
    return { summary, next: `curl -s ${summary.products_url}` };
  }
  const summary = await runDemo(outputs, flags, out, signal);
  return { summary, next: `npx enrichline status ${summary.catalog_id}` };
};

const demo = async (flags: DemoFlags, { signal, stopped }: EntryContext): Promise<number> => {
  // With --json, standard output is for the summary alone.
  const out = flags.json ? process.stderr : process.stdout;
  const usual = layoutOf();
  const isShared = await servesWanted(usual, flags);
  const layout = isShared ? usual : layoutOf(mkdtempSync(join(tmpdir(), "enrichline-demo-")));
  if (!isShared) {
    out.write("The local stack that runs serves other products, so this demo starts one of its own on free ports.\n");
  }
  out.write("Starting Enrichline on this machine: a real deploy, to an emulated AWS.\n");
  let entered: EnteredLocal | undefined;
  try {
    entered = await enterLocal({
      layout,
      products: { file: flags.products, keepNulls: flags.keepNulls },
      show: flags.json ? "nothing" : "steps",
      signal,
    });
    const { summary, next } = await show(entered.outputs, flags, out, signal);
    if (flags.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    const code = summary.complete ? 0 : 1;
    const isGoing = !flags.once || !entered.stack;
    out.write(`\n${whereToLook(entered, layout, next, isGoing).join("\n")}\n`);
    if (flags.once) return code;
    if (!entered.stack) return code;
    out.write("\nEverything keeps running. Press Ctrl-C to stop.\n");
    return Math.max(code, await entered.stack.untilStopped(stopped));
  } finally {
    await entered?.stack?.stop();
    if (!isShared) rmSync(layout.dir, { recursive: true, force: true });
  }
};

/** `npm run demo`: the product at work, in plain words. */
await runEntry(async (context) => {
  const flags = parseDemoFlags(process.argv.slice(2));
  if (!flags.help) return demo(flags, context);
  process.stdout.write(DEMO_USAGE);
  return 0;
});
