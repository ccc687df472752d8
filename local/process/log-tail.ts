import { readFileSync } from "node:fs";

/** The last `lines` non-empty lines of a log file, indented for a message; empty when there is none. */
export const logTail = (file: string, lines = 15): string => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return "";
  }
  return tailOf(text, lines);
};

/** The last `lines` non-empty lines of `text`, each indented by two spaces. */
export const tailOf = (text: string, lines = 15): string =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join("\n");
