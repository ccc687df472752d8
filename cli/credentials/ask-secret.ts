import { SECRET_SCHEMAS, type SecretSource } from "../../lambdas/common/core/sources/known/secret-schemas.ts";
import { readSecret } from "../../lambdas/common/core/sources/secrets/read-secret.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import { readTags, SECRET_PROMPTS, type SecretPrompt } from "./secret-prompts.ts";

/** How often a value may be mistyped. */
const MAX_TRIES = 3;

const problemsOf = (source: SecretSource, field: string, value: unknown): readonly string[] => {
  const read = readSecret<unknown>(SECRET_SCHEMAS[source], JSON.stringify({ [field]: value }));
  if (read.ok) return [];
  return read.problems
    .filter((problem) => problem.field === field || problem.field.startsWith(`${field}.`))
    .map(({ problem }) => problem);
};

const storedFields = (stored: string | undefined): ReadonlyMap<string, unknown> => {
  if (stored === undefined) return new Map();
  try {
    const value: unknown = JSON.parse(stored);
    return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  } catch {
    // Not readable, so there is nothing to keep.
    return new Map();
  }
};

const askOne = async (io: Io, source: SecretSource, prompt: SecretPrompt, known: unknown): Promise<unknown> => {
  const hint = known === undefined ? "" : " [Enter keeps what is stored]";
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const typed = (await io.ask(`${prompt.question}${hint}: `, { hidden: prompt.hidden })).trim();
    if (typed === "" && known !== undefined) return known;
    const value = prompt.form === "tags" ? readTags(typed) : typed;
    const problems = typed === "" ? ["something is needed here"] : problemsOf(source, prompt.field, value);
    if (problems.length === 0) return value;
    io.err(`  ${problems.join("; ")}\n`);
  }
  throw new CliError(EXIT.USAGE, `${prompt.field} was not understood. Nothing was stored.`);
};

/**
 * Asks a person for a source's credentials, value by value; secret ones do not show.
 * @param stored credentials that are stored already, whose values Enter keeps
 * @returns the secret as JSON
 * @throws CliError USAGE when a value stays wrong, INTERRUPTED on Ctrl-C; then nothing was stored
 */
export const askSecret = async (io: Io, source: SecretSource, stored: string | undefined): Promise<string> => {
  const known = storedFields(stored);
  const secret: Record<string, unknown> = {};
  for (const prompt of SECRET_PROMPTS[source]) {
    secret[prompt.field] = await askOne(io, source, prompt, known.get(prompt.field));
  }
  return JSON.stringify(secret);
};
