import { layoutOf } from "./layout.ts";
import { describeStack } from "./stack/describe-stack.ts";
import { enterLocal } from "./stack/enter-local.ts";
import { runEntry } from "./stack/run-entry.ts";

/** `npm run local`: the whole product on this machine, until it is stopped. */
await runEntry(async ({ signal, stopped }) => {
  const layout = layoutOf();
  const entered = await enterLocal({ layout, products: { keepNulls: false }, signal });
  process.stdout.write(`\n${describeStack(entered.outputs, layout).join("\n")}\n`);
  if (!entered.stack) {
    process.stdout.write("\nIt was running already and continues as it is. npm run local:stop ends it.\n");
    return 0;
  }
  process.stdout.write("\nPress Ctrl-C to stop.\n");
  return entered.stack.untilStopped(stopped);
});
