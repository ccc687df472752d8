import { DAY_MS, HOUR_MS } from "../durations.ts";
import { CatalogIdSchema } from "./catalog-id.ts";

const PREFIX = "uploads/";

/** How long the bucket keeps a file. It is read once, then its rows are under `catalogs/`. */
export const UPLOAD_DAYS = 7;

/** How long a file may take to come after its address was given. Large files on slow lines need hours. */
export const UPLOAD_WAIT_MS = DAY_MS;
/** How often `reconcile` checks for a file that is awaited: its event may be lost, or have met an outage. */
export const UPLOAD_RECHECK_MS = HOUR_MS;
/** How long a presigned address may be used to begin the transfer. */
export const UPLOAD_ADDRESS_SECONDS = 3_600;
/** Partition of the sparse `due-batches` index for catalogs whose file has not come or is being read. */
export const UPLOAD_DUE_SHARD = "uploads";

/** Key of the object that a user's file is put under. */
export const uploadKey = (catalogId: string): string => `${PREFIX}${catalogId}`;

/** The catalog whose file is stored under `key`; undefined when the key is no upload's. */
export const catalogOfUpload = (key: string): string | undefined => {
  if (!key.startsWith(PREFIX)) return undefined;
  const id = CatalogIdSchema.safeParse(key.slice(PREFIX.length));
  return id.success ? id.data : undefined;
};

/** The same for a key as S3 writes it into an event; undefined too when it is none. */
export const catalogOfEventKey = (encoded: string): string | undefined => {
  try {
    return catalogOfUpload(decodeURIComponent(encoded));
  } catch {
    // No key as S3 writes it into an event: it names no catalog.
    return undefined;
  }
};

/** Start of the keys of all that is written for a catalog. */
export const catalogPrefix = (catalogId: string): string => `catalogs/${catalogId}/`;

/** Where one attempt at a catalog writes. A late attempt that fails must not remove what another one wrote. */
export const attemptPrefix = (catalogId: string, attempt: number): string => `${catalogPrefix(catalogId)}${attempt}/`;
