import { type CatalogStatus, CatalogStatusSchema } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { isOpen, RunStateSchema } from "../../lambdas/common/core/runs/run-states.ts";
import type { Io } from "../output/io.ts";
import { progressLine, REDRAW } from "../output/progress-line.ts";
import type { ApiClient } from "./api-client.ts";
import { POLL_MS } from "./poll.ts";

/** Reads the state of a catalog. */
export const readStatus = (api: ApiClient, catalogId: string): Promise<CatalogStatus> =>
  api.call({ path: `/catalogs/${encodeURIComponent(catalogId)}/status`, answer: CatalogStatusSchema });

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

/**
 * Shows a run's progress on stderr until it ends or the user presses Ctrl-C, which leaves the run going.
 * On a terminal one line is redrawn; piped, a line is written when a tenth more is done or the state changes.
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
    await io.sleep(POLL_MS, io.interrupted).catch((error: unknown) => {
      if (!io.interrupted.aborted) throw error;
    });
    if (io.interrupted.aborted) return leave();
  }
};
