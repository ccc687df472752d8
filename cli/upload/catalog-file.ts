import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { CliError, EXIT } from "../cli-error.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  // API Gateway hands on text/* as UTF-8 and replaces what is none; other types arrive byte by byte.
  ".csv": "application/csv",
  ".tsv": "application/csv",
  ".json": "application/json",
  ".ndjson": "application/x-ndjson",
  ".jsonl": "application/x-ndjson",
};
const SPREADSHEETS = [".xlsx", ".xls", ".ods", ".numbers"];

/** Media type by the file's name; bytes, which the API judges by their content, when the name says nothing. */
export const contentTypeOf = (file: string): string =>
  CONTENT_TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";

const unreadable = (file: string, error: unknown): CliError => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words: Readonly<Record<string, string>> = {
    ENOENT: `There is no file ${file}`,
    EACCES: `${file} may not be read by you: change its permissions (chmod u+r) or upload a copy.`,
  };
  const why = error instanceof Error ? error.message : String(error);
  return new CliError(EXIT.USAGE, words[code] ?? `Cannot read ${file}: ${why}`, { cause: error });
};

/**
 * Checks a catalog before anything is sent.
 * @returns its size, bytes
 * @throws CliError USAGE when it is a spreadsheet, a folder, not there or not readable, with the fix
 */
export const catalogSize = async (file: string): Promise<number> => {
  if (SPREADSHEETS.includes(extname(file).toLowerCase())) {
    throw new CliError(EXIT.USAGE, `${file} is a spreadsheet: save the sheet as CSV (UTF-8) and upload that file.`);
  }
  try {
    const found = await stat(file);
    if (found.isDirectory()) {
      throw new CliError(EXIT.USAGE, `${file} is a folder, not a file: name the catalog inside it.`);
    }
    await access(file, constants.R_OK);
    return found.size;
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(file, error);
  }
};

/** @throws CliError USAGE when it cannot be read */
export const readCatalogFile = async (file: string): Promise<Uint8Array<ArrayBuffer>> =>
  Uint8Array.from(
    await readFile(file).catch((error: unknown) => {
      throw unreadable(file, error);
    }),
  );
