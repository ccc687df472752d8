import { isoTime } from "../clock.ts";
import type { ExportFormat, ExportRowState } from "./export-job.ts";

const CATALOG_ENDINGS = /\.(?:csv|tsv|txt|json|ndjson|jsonl)$/i;
/** Not allowed in a file name somewhere, control characters among them. */
const UNUSABLE = /[\p{Cc}\p{Cf}\p{Cs}\\/:*?"<>|]+/gu;
const LONGEST = 80;

/**
 * A file name that people recognise: the catalog's name, the state when only one is in it, and the day, such as
 * `spring-failed-2026-11-23.csv`. Usable on every system.
 */
export const exportFileName = (
  catalogName: string,
  format: ExportFormat,
  state: ExportRowState | null,
  nowMs: number,
): string => {
  const base = [...catalogName.replace(CATALOG_ENDINGS, "").replace(UNUSABLE, "-").trim()].slice(0, LONGEST).join("");
  const parts = [
    base.replace(/^[.\s]{1,80}|[.\s]{1,80}$/g, "") || "catalog",
    state ?? "enriched",
    isoTime(nowMs).slice(0, 10),
  ];
  return `${parts.join("-")}.${format}`;
};

/** Characters that `encodeURIComponent` leaves and RFC 8187 does not allow. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The header that makes a browser save a download under this name: plain ASCII for old clients, and the true name.
 * @see https://www.rfc-editor.org/rfc/rfc6266#section-4.3
 */
export const attachment = (fileName: string): string =>
  `attachment; filename="${fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_")}"; filename*=UTF-8''${encode(fileName)}`;
