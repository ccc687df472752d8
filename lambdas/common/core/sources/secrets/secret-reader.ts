import type { SourceId } from "../../source-ids.ts";

/** A secret as stored: JSON text and the version it has. */
export interface SecretValue {
  readonly text: string;
  readonly version: string;
}

/** Where sources get their credentials from. */
export interface SecretReader {
  /** The secret of a source, at most 60 s old; undefined when the source is not configured. */
  read(source: SourceId): Promise<SecretValue | undefined>;
  /** Drops the cached secret, after the source refused it; the next read is fresh. */
  forget(source: SourceId): void;
}
