import type { Exports } from "../../../lambdas/catalogs-api/exports.ts";
import type { ExportJob } from "../../../lambdas/common/core/exports/export-job.ts";
import type { ExportMessage } from "../../../lambdas/common/core/exports/export-message.ts";

/** Exports over a map, open for tests to look at and to change. */
export interface FakeExports extends Exports {
  readonly jobs: Map<string, ExportJob>;
  readonly sent: ExportMessage[];
}

/** No exports yet. */
export const fakeExports = (): FakeExports => {
  const jobs = new Map<string, ExportJob>();
  const sent: ExportMessage[] = [];
  return {
    jobs,
    sent,
    create: async (job) => {
      jobs.set(job.export_id, job);
    },
    get: async (exportId, nowMs) => {
      const job = jobs.get(exportId);
      return job && job.expires_at > nowMs / 1000 ? job : undefined;
    },
    send: async (message) => {
      sent.push(message);
    },
    downloadUrl: async (job, seconds) => `https://bucket.example/${job.object_key}?expires=${seconds}`,
  };
};
