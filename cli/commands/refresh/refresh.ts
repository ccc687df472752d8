import { type Command, Option } from "commander";
import type * as z from "zod";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { type RefreshForecast, RefreshForecastSchema } from "../../../lambdas/common/core/contract/refresh/forecast.ts";
import { RefreshRunSchema } from "../../../lambdas/common/core/contract/refresh/run.ts";
import {
  type RefreshJob,
  RefreshJobSchema,
  RefreshJobStatusSchema,
} from "../../../lambdas/common/core/refresh/refresh-job.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import type { CommonOptions, RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

const JobPageSchema = pageOf(RefreshJobSchema);
type JobPage = z.infer<typeof JobPageSchema>;

interface JobsOptions extends CommonOptions {
  readonly date?: string;
  readonly status?: string;
  readonly limit: string;
  readonly cursor?: string;
}

const counted = (count: number, what: string): string => `${count.toLocaleString("en-US")} ${what}`;

const outcomesOf = ({ products }: RefreshJob): string => {
  const counts = new Map<string, number>();
  for (const { outcome } of products) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
};

const jobRow = (job: RefreshJob, nowMs: number): string[] => [
  job.job_id,
  job.status,
  job.marketplace,
  outcomesOf(job),
  job.completed_at === null ? "-" : formatMoment(job.completed_at, nowMs),
  String(job.retry_count),
  job.circuit_breaker_state ?? "-",
  job.skip_reason ?? job.error_code ?? "-",
];

const printForecast = (io: Io, forecast: RefreshForecast): void => {
  const { products, per_day, will_expire, advice, as_of, read_share } = forecast;
  if (as_of === null) {
    io.out("Nothing has been counted yet: the first plan does it, within an hour. Or now: enrichline refresh run\n");
    return;
  }
  io.out(`${counted(products, "products are kept fresh")}; the sources can fetch ${counted(per_day, "a day")}.\n`);
  if (will_expire.count === 0) io.out("None will end before it can be fetched again.\n");
  else {
    const first = will_expire.first_at === null ? "" : `, the first ${formatMoment(will_expire.first_at, io.now())}`;
    io.out(`${counted(will_expire.count, "have ended or will before they can be fetched again")}${first}.\n`);
    for (const { change, will_expire: left } of advice) {
      io.out(`  ${change} ${left === 0 ? "None would end." : `${counted(left, "would end.")}`}\n`);
    }
  }
  if (read_share < 1) {
    io.err(`Only ${Math.round(read_share * 24)} of 24 parts of the products have been counted; each hour adds one.\n`);
  }
};

const printJobs = (io: Io, page: JobPage): void => {
  const columns = ["job", "state", "shop", "products", "ended", "retries", "breaker", "reason"];
  io.out(
    formatTable(
      columns,
      page.items.map((job) => jobRow(job, io.now())),
    ),
  );
  io.err(moreHint(page.next_cursor));
};

/** Adds `refresh run|jobs|forecast`. */
export const addRefresh = (program: Command, run: RunCommand): void => {
  const refresh = program.command("refresh").description("the daily refresh of stored products");
  showAnswer(refresh.command("run").description("plan it now, over all that is due (operators)"), run, {
    ask: ({ operatorApi }) => operatorApi.call({ method: "POST", path: "/refresh/run", answer: RefreshRunSchema }),
    print: (io) => io.out("It is being planned. What comes of it: enrichline refresh jobs\n"),
  });
  const jobs = refresh
    .command("jobs")
    .description("list its calls, newest first")
    .option("--date <day>", "only jobs of this day (UTC), as 2026-11-30")
    .addOption(new Option("--status <state>", "only jobs in this state").choices(RefreshJobStatusSchema.options))
    .addOption(limitOption())
    .addOption(cursorOption());
  showAnswer(jobs, run, {
    ask: ({ api }, { date, status, limit, cursor }: JobsOptions) =>
      api.call({ path: "/refresh/jobs", query: { date, status, limit, cursor }, answer: JobPageSchema }),
    print: printJobs,
  });
  const forecast = refresh
    .command("forecast")
    .description("what will end by its licence before it can be fetched again, and what would keep it");
  showAnswer(forecast, run, {
    ask: ({ api }) => api.call({ path: "/refresh/forecast", answer: RefreshForecastSchema }),
    print: printForecast,
  });
};
