import { type CatalogStatus, CatalogStatusSchema } from "../../lambdas/common/core/contract/runs/run-status.ts";
import type { CatalogProgress } from "../../lambdas/common/core/live/catalog-progress.ts";
import { isOpen, RunStateSchema } from "../../lambdas/common/core/runs/run-states.ts";
import { CliError } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import { progressLine, REDRAW } from "../output/progress-line.ts";
import type { ApiClient } from "./api-client.ts";
import { inPath } from "./in-path.ts";
import { type LiveFeed, openLiveFeed } from "./live-feed.ts";
import { POLL_MS, pause } from "./poll.ts";

/** While progress is pushed: time left, and whatever else a push does not say, is read so often, milliseconds. */
const LIVE_POLL_MS = 15_000;

/** Reads the state of a catalog. */
export const readStatus = (api: ApiClient, catalogId: string): Promise<CatalogStatus> =>
  api.call({ path: `/catalogs/${inPath(catalogId)}/status`, answer: CatalogStatusSchema });

const goesOn = (status: CatalogStatus): boolean => {
  // Its file is awaited or read.
  if (status.ingest) return true;
  const state = RunStateSchema.safeParse(status.state);
  return state.success && isOpen(state.data);
};

/** How watching ended: with the run, or with Ctrl-C; then `status` is the last one seen, null when none was. */
export type Watched =
  | { readonly status: CatalogStatus; readonly interrupted: false }
  | { readonly status: CatalogStatus | null; readonly interrupted: true };

/** Called once, as soon as the catalog's file has been read; `isNews` says whether its reading was watched. */
export type OnRead = (isNews: boolean) => Promise<void>;

/** Shows a status on stderr: on a terminal one line is redrawn; piped, a line is written when there is news. */
const createShow = (io: Io) => {
  let shown = "";
  return (status: CatalogStatus): void => {
    if (io.live) {
      io.err(`${REDRAW}${progressLine(status, io.now())}`);
      return;
    }
    const { products } = status.totals;
    const tenth =
      products === 0
        ? Math.floor(((status.ingest?.bytes_read ?? 0) / ((status.ingest?.bytes ?? 0) + 1)) * 10)
        : Math.floor(((products - status.counts.pending) / products) * 10);
    const mark = `${status.state} ${tenth}`;
    if (mark !== shown) io.err(`${progressLine(status, io.now())}\n`);
    shown = mark;
  };
};

/** A status with newer counts; undefined when they are of another run or state. */
const withProgress = (status: CatalogStatus, progress: CatalogProgress): CatalogStatus | undefined =>
  progress.tracking_id === status.tracking_id && progress.state === status.state
    ? { ...status, counts: progress.counts }
    : undefined;

/** Shows what is pushed until the whole status must be read again: for more than new counts, or after a time. */
const followPushes = async (
  feed: LiveFeed,
  io: Pick<Io, "now" | "interrupted">,
  status: CatalogStatus,
  show: (status: CatalogStatus) => void,
): Promise<void> => {
  const untilMs = io.now() + LIVE_POLL_MS;
  for (;;) {
    const progress = await feed.next(feed.isLive ? Math.max(untilMs - io.now(), 1) : POLL_MS);
    if (!progress || io.interrupted.aborted) return;
    // A snapshot of what was read just now, or what was pushed before.
    if (progress.tracking_id === status.tracking_id && progress.sequence <= status.sequence) continue;
    const next = withProgress(status, progress);
    if (!next || io.now() >= untilMs) return;
    show(next);
  }
};

/**
 * Shows a run's progress on stderr until it ends or the user presses Ctrl-C, which leaves the run going.
 * On a terminal one line is redrawn; piped, a line is written when a tenth more is done or the state changes. Progress is
 * pushed where the stage can; where it cannot, and while it does not, it is polled.
 */
export const watchRun = async (io: Io, api: ApiClient, catalogId: string, onRead?: OnRead): Promise<Watched> => {
  const show = createShow(io);
  let last: CatalogStatus | null = null;
  let isNotified = false;
  const check = async (): Promise<CatalogStatus> => {
    const status = await readStatus(api, catalogId);
    if (!isNotified && !status.ingest) {
      isNotified = true;
      if (io.live && last) io.err("\n");
      if (status.state !== "ingest_failed") await onRead?.(last !== null);
    }
    return status;
  };
  const leave = (): Watched => {
    io.err(
      `${io.live ? "\n" : ""}The run continues without this window. Watch it with: enrichline watch ${catalogId}\n`,
    );
    return { status: last, interrupted: true };
  };
  let feed: LiveFeed | undefined;
  let isFeedTried = false;
  const wait = async (status: CatalogStatus): Promise<void> => {
    if (!isFeedTried) {
      isFeedTried = true;
      // Polling needs none of what may fail here, and meets the same failure if it matters.
      feed = await openLiveFeed(io, api, catalogId).catch((error: unknown) => {
        if (error instanceof CliError) return undefined;
        throw error;
      });
    }
    if (feed) return followPushes(feed, io, status, show);
    await pause(io);
  };
  try {
    for (;;) {
      const status = await check().catch((error: unknown) => {
        // Whatever a broken-off call says, the user wants to leave.
        if (io.interrupted.aborted) return undefined;
        throw error;
      });
      if (!status) return leave();
      last = status;
      show(status);
      if (!goesOn(status)) {
        if (io.live) io.err("\n");
        return { status, interrupted: false };
      }
      await wait(status);
      if (io.interrupted.aborted) return leave();
    }
  } finally {
    feed?.close();
  }
};
