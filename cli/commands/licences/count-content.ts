import {
  CountRequestedSchema,
  type LicenceReport,
  LicenceReportSchema,
} from "../../../lambdas/common/core/contract/licences/report.ts";
import { pause } from "../../api/poll.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import type { Session } from "../../run-command.ts";

/** The report as it is now. */
export const readReport = ({ api }: Pick<Session, "api">): Promise<LicenceReport> =>
  api.call({ path: "/licences/report", answer: LicenceReportSchema });

/**
 * Has everything counted, and waits for it.
 * @returns the report with the new count
 * @throws CliError INTERRUPTED on Ctrl-C; the count continues without the command
 */
export const countContent = async ({ io, api }: Pick<Session, "io" | "api">): Promise<LicenceReport> => {
  const { requested_at } = await api.call({ method: "POST", path: "/licences/report", answer: CountRequestedSchema });
  io.err("Counting what is held; this begins within a minute.\n");
  let said = 0;
  for (;;) {
    const report = await readReport({ api });
    if (report.counting === null && report.counted_at !== null && report.counted_at >= requested_at) return report;
    const read = report.counting?.products_read ?? 0;
    if (read > said) io.err(`${read.toLocaleString("en")} products counted\n`);
    said = read;
    await pause(io);
    if (io.interrupted.aborted) throw new CliError(EXIT.INTERRUPTED, "Interrupted; the count continues without you.");
  }
};
