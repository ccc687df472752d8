import { InvalidArgumentError, Option } from "commander";

/** `--limit` of every command that lists. */
export const limitOption = (): Option =>
  new Option("--limit <n>", "items a page, 1 to 100").default("50").argParser((text) => {
    if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 100) return text;
    throw new InvalidArgumentError("It must be 1 to 100.");
  });

/** `--cursor` of every command that lists. */
export const cursorOption = (): Option =>
  new Option("--cursor <cursor>", "show the next page, as the end of the page before says");

/** What is on stderr under a page; empty after the last one. */
export const moreHint = (cursor: string | null): string =>
  cursor === null ? "" : `More: repeat with --cursor ${cursor}\n`;
