import { readFileSync } from "node:fs";
import { join } from "node:path";

const document = readFileSync(join(import.meta.dirname, "../../../docs/live.md"), "utf8");

/** The blocks of JavaScript of docs/live.md, as they stand there. */
export const CLIENT_BLOCKS: readonly string[] = [...document.matchAll(/```js\n([\s\S]*?)```/g)].map(
  ([, block = ""]) => block,
);

/** All of them as one module. */
export const CLIENT_CODE = CLIENT_BLOCKS.join("\n");
