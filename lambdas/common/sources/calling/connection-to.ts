import type { SourceId } from "../../core/source-ids.ts";
import type { SourceConnection } from "../../core/sources/source-client.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import type { UpstreamFetch } from "../../core/sources/upstream/upstream-fetch.ts";

/** The connection of a source's calls to one address; undefined where `fetch` opens its own as it sends. */
export const connectionTo = (source: SourceId, fetch: UpstreamFetch, url: string): SourceConnection | undefined => {
  const { connections } = fetch;
  return (
    connections && {
      open: (signal) =>
        connections.connect(url, signal).catch((cause: unknown) => {
          const message = `${new URL(url).host} could not be reached`;
          throw new SourceError(source, {
            ...{ code: "NetworkError", status: null, failureClass: "retriable", message, cause },
          });
        }),
      times: () => connections.times(url),
    }
  );
};
