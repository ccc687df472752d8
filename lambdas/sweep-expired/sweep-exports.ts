import { type ExportJob, revokedIn } from "../common/core/exports/export-job.ts";
import type { RevokedSources } from "../common/core/licences/revocations/without-revoked.ts";
import { SOURCE_IDS, type SourceId } from "../common/core/source-ids.ts";
import type { Deps } from "./deps.ts";

const PREFIX = "exports/";
/** Exports whose rows are read at once. */
const PARALLEL_READS = 20;

/** Whether a key is that of a file, and not of a piece beside it. */
const isFile = (key: string): boolean => /\/export\.[a-z]+$/.test(key);

/** Files of exports on a page of the list, and what their rows say. */
interface ExportFiles {
  readonly exportId: string;
  readonly keys: readonly string[];
  /** Undefined when its row is forgotten. */
  readonly job: ExportJob | undefined;
}

const readPage = async (
  deps: Deps,
  after: string | null,
): Promise<{ readonly files: readonly ExportFiles[]; readonly next: string | null }> => {
  const { keys, next } = await deps.objects.listPage(PREFIX, after);
  const byExport = new Map<string, string[]>();
  for (const key of keys) {
    const exportId = key.slice(PREFIX.length).split("/")[0] ?? "";
    byExport.set(exportId, [...(byExport.get(exportId) ?? []), key]);
  }
  const files: ExportFiles[] = [];
  const all = [...byExport];
  for (let from = 0; from < all.length; from += PARALLEL_READS) {
    const read = async ([exportId, own]: readonly [string, readonly string[]]): Promise<ExportFiles> => ({
      exportId,
      keys: own,
      job: await deps.exports.get(exportId, deps.clock.now()),
    });
    files.push(...(await Promise.all(all.slice(from, from + PARALLEL_READS).map(read))));
  }
  return { files, next };
};

/** What is in the files: that of the ready one, or of what is written so far. Undefined: nobody knows. */
const contentOf = ({ job }: ExportFiles): { readonly sources?: SourceId[] | undefined } => {
  if (job === undefined) return {};
  return job.state === "ready" ? { sources: job.sources } : { sources: job.checkpoint?.sources };
};

/**
 * Removes the exports of one page of the list that show a field of a source, and the pieces of those that are being written:
 * these begin again. A file goes after its pieces, so that it is counted when all of its export is gone.
 * @returns how many files went, the key to continue after (null at the end), and why the rest of the page could not be removed
 */
export const removeExports = async (
  deps: Deps,
  source: SourceId,
  after: string | null,
): Promise<{ readonly removed: number; readonly next: string | null; readonly fault?: unknown }> => {
  const { files, next } = await readPage(deps, after);
  const revoked: RevokedSources = new Set([source]);
  let removed = 0;
  for (const one of files) {
    const { sources } = contentOf(one);
    if (revokedIn(sources === undefined ? {} : { sources }, revoked) === undefined) continue;
    const own = one.keys.filter(isFile);
    try {
      if (one.job?.state === "ready") await deps.exports.noteRevoked(one.exportId, source);
      await deps.objects.removeAll(one.keys.filter((key) => !isFile(key)));
      await deps.objects.removeAll(own);
    } catch (fault) {
      return { removed, next, fault };
    }
    removed += own.length;
  }
  return { removed, next };
};

/**
 * Counts the exports of one page of the list by the sources of which they show a field.
 * @returns the key to continue after; null at the end
 */
export const countExports = async (
  deps: Deps,
  after: string | null,
): Promise<{ readonly counts: Readonly<Partial<Record<SourceId, number>>>; readonly next: string | null }> => {
  const { files, next } = await readPage(deps, after);
  const counts: Partial<Record<SourceId, number>> = {};
  for (const one of files) {
    if (!one.keys.some(isFile)) continue;
    for (const source of contentOf(one).sources ?? SOURCE_IDS) counts[source] = (counts[source] ?? 0) + 1;
  }
  return { counts, next };
};
