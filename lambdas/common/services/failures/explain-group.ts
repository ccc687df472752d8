import { isAutomatic, type RemedyKind, remedyKindOf } from "../../core/failures/remedy-kinds.ts";
import type { FailureCause } from "../../core/runs/failure-group-id.ts";
import { SourceIdSchema } from "../../core/source-ids.ts";
import { OWN_CODES } from "../../core/sources/failure-codes.ts";
import { ownCodeWords } from "../../core/sources/own-code-words.ts";
import { explainCode } from "../../sources/checks/explain-code.ts";

/** Why products failed and what helps. */
export interface GroupWords {
  readonly cause: string;
  readonly retriable: boolean;
  readonly remedy: { readonly words: string; readonly command: string; readonly automatic: boolean };
}

type About = FailureCause & { readonly group_id: string };

const wordsOfSource = (source: string | null, code: string) => {
  const id = SourceIdSchema.safeParse(source);
  return id.success ? explainCode(id.data, code) : undefined;
};

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

const causeOf = ({ error_code, source, marketplace }: About, rawCode: string | undefined): string => {
  const said = rawCode === undefined ? undefined : wordsOfSource(source, rawCode)?.reason;
  if (error_code === OWN_CODES.RETRIES_EXHAUSTED) {
    const who = source ?? "The source";
    const last = said === undefined ? "" : ` The last time: ${said}`;
    return `${who} failed on each of these products at once and in three retries.${last}`;
  }
  if (error_code === OWN_CODES.SHOP_OFF) return `${marketplace ?? "The shop"} is switched off on this stage.`;
  if (error_code === OWN_CODES.NO_SOURCE_FOR_SHOP)
    return `No source of this stage serves ${marketplace ?? "the shop"}.`;
  if (error_code === "MarketplaceNotServed" && wordsOfSource(source, error_code) === undefined)
    return `${source ?? "The source"} has no data of the shop.`;
  const known = wordsOfSource(source, error_code)?.reason ?? ownCodeWords(error_code);
  return sentence(known ?? `${source ?? "the line"} gave the code ${error_code}`);
};

const COMMANDS: Readonly<Record<RemedyKind, (about: About) => string>> = {
  credentials: ({ source }) => `enrichline credentials set ${source ?? "creators-api"}`,
  account: ({ source }) => doctor(source),
  outage: ({ source }) => doctor(source),
  pace: () => "enrichline quota",
  products: ({ group_id }) => `enrichline failures show ${group_id}`,
  report: ({ group_id }) => `enrichline failures show ${group_id} --json`,
  dead_letters: () => "enrichline dlq list",
  shop_on: ({ marketplace }) => `enrichline marketplaces set ${marketplace ?? "SHOP"} --enable`,
  shop_source: () => "enrichline doctor",
};

const doctor = (source: string | null): string => `enrichline doctor${source === null ? "" : ` --source ${source}`}`;

const THEN_TRY = "Then try one of the products, ten, and all.";

const WORDS: Readonly<Record<RemedyKind, (about: About) => string>> = {
  credentials: (about) =>
    `${wordsOfSource(about.source, about.error_code)?.next_step ?? "Store the credentials of the source again."} ${THEN_TRY}`,
  account: (about) =>
    `${wordsOfSource(about.source, about.error_code)?.next_step ?? "Settle it with the upstream."} ${THEN_TRY}`,
  outage: ({ source }) => `Wait until ${source ?? "the source"} works again, which the command shows. ${THEN_TRY}`,
  pace: () =>
    "Nothing: the products wait and are asked for again by themselves. The command shows what is left of the day.",
  products: () =>
    "Compare the samples with the shop. Correct wrong rows in your file and upload it again; trying again does not make a product exist. Ignore the group if the rows are right.",
  report: () =>
    "Try one of the products, since it may have passed. If it fails again, report the group with what the command prints; the log has the rest.",
  dead_letters: () =>
    `See why the batches could not be worked on: their messages lie in the dead-letter queue. ${THEN_TRY}`,
  shop_on: ({ marketplace }) => `An operator switches ${marketplace ?? "the shop"} on. ${THEN_TRY}`,
  shop_source: ({ marketplace }) =>
    `Give the stage a source that serves ${marketplace ?? "the shop"}: enable one in the stage's settings and store its credentials. The command shows which sources there are. ${THEN_TRY}`,
};

/** Kinds against which another try is no remedy. */
const FINAL: ReadonlySet<RemedyKind> = new Set(["products"]);

/**
 * A failure group in words: why its products failed, and what helps.
 * @param rawCode what the source itself said of one of them, where that is known
 */
export const explainGroup = (about: About, rawCode?: string): GroupWords => {
  const kind = remedyKindOf(about.error_code, about.source);
  return {
    cause: causeOf(about, rawCode),
    retriable: !FINAL.has(kind),
    remedy: { words: WORDS[kind](about), command: COMMANDS[kind](about), automatic: isAutomatic(kind) },
  };
};
