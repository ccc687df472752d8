import type { DynamoSecretVersions } from "../../adapters/dynamodb/upstream-limits/dynamo-secret-versions.ts";
import { EnrichlineError } from "../../core/errors.ts";
import type { RateLimiter } from "../../core/limiter/rate-limiter.ts";
import type { Log } from "../../platform/logger.ts";
import type { ReadySourcesDeps } from "../../sources/registry/ready-sources.ts";

/**
 * Builds the listener for credentials that this instance uses for the first time: new ones end the source's pause.
 *
 * They are new when no instance used that version before, or when this instance itself used another one until now:
 * its last call with the old version may have paused the source again after somebody else had ended the pause. The
 * worst that a needless end costs is one refused call per instance. A table that does not answer leaves the pause to
 * its own re-test.
 */
export const createNoteCredentials =
  (deps: {
    readonly versions: Pick<DynamoSecretVersions, "note">;
    readonly limiter: Pick<RateLimiter, "clearPause">;
    readonly log: Pick<Log, "info" | "warn">;
  }): NonNullable<ReadySourcesDeps["onSecret"]> =>
  async ({ source, limitKeys, version, previous }) => {
    for (const key of limitKeys) {
      try {
        const isNew = await deps.versions.note(key, version);
        if (!isNew && previous === undefined) continue;
        await deps.limiter.clearPause(key);
        deps.log.info("new credentials end the pause of a source, if there was one", { source });
      } catch (error) {
        if (!(error instanceof EnrichlineError && error.retryable)) throw error;
        deps.log.warn("new credentials were not noted", { source, error: error.message });
      }
    }
  };
