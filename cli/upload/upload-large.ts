import { randomUUID } from "node:crypto";
import { DryRunSchema } from "../../lambdas/common/core/contract/uploads/dry-run.ts";
import { UploadAddressSchema } from "../../lambdas/common/core/contract/uploads/upload-address.ts";
import type { UploadReport } from "../../lambdas/common/core/contract/uploads/upload-report.ts";
import type { UploadRequestInput } from "../../lambdas/common/core/contract/uploads/upload-request.ts";
import { inPath } from "../api/in-path.ts";
import { jsonBody } from "../api/json-body.ts";
import { pause } from "../api/poll.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Session } from "../run-command.ts";
import { putFile } from "./put-file.ts";

/** A million rows are judged in about a minute; a queue may be before them. */
const JUDGED_WITHIN_MS = 15 * 60_000;

const pauseOrLeave = async (io: Session["io"]): Promise<void> => {
  await pause(io);
  if (io.interrupted.aborted) throw new CliError(EXIT.INTERRUPTED, "Interrupted: nothing was stored.");
};

/** A file and what is asked for with it. */
export interface LargeFile {
  readonly path: string;
  readonly bytes: number;
  /** Body of `POST /catalogs/uploads` without the length. */
  readonly request: Readonly<Omit<UploadRequestInput, "content_length" | "dry_run">>;
}

const send = async ({ io, api }: Session, file: LargeFile, isDryRun: boolean): Promise<string> => {
  const request: UploadRequestInput = { ...file.request, content_length: file.bytes, dry_run: isDryRun };
  const address = await api.call({
    method: "POST",
    path: "/catalogs/uploads",
    ...jsonBody(request, { "idempotency-key": randomUUID() }),
    answer: UploadAddressSchema,
  });
  const id = isDryRun ? address.dry_run_id : address.catalog_id;
  if (id === null) throw new CliError(EXIT.UNAVAILABLE, "The API does not know this kind of upload; update it.");
  await putFile(io, { path: file.path, bytes: file.bytes, url: address.upload_url, headers: address.upload_headers });
  return id;
};

/** Uploads a large file; its reading and its run then continue without us. @returns the catalog's id */
export const uploadLarge = (session: Session, file: LargeFile): Promise<string> => send(session, file, false);

/**
 * Uploads a large file to be judged only, and waits for the report.
 * @throws CliError when the file is no catalog, in the API's words
 */
export const dryRunLarge = async (session: Session, file: LargeFile): Promise<UploadReport> => {
  const { io, api } = session;
  const id = await send(session, file, true);
  io.err("The file is being judged.\n");
  for (const until = io.now() + JUDGED_WITHIN_MS; io.now() < until; await pauseOrLeave(io)) {
    const { report, failure } = await api.call({
      path: `/catalogs/dry-runs/${inPath(id)}`,
      answer: DryRunSchema,
    });
    if (failure !== null) throw new CliError(EXIT.USAGE, failure);
    if (report !== null) return report;
  }
  throw new CliError(EXIT.UNAVAILABLE, "The file was uploaded but not judged in time. Try again later.");
};
