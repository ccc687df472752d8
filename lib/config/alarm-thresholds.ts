import * as z from "zod";

/** When alarms ring. Each has a default, so a stage names only what it wants otherwise. */
export const AlarmThresholdsSchema = z.strictObject({
  /** Answers with a 5xx status in 5 minutes that page a person. */
  api_server_errors: z.number().int().positive().default(5),
  /** 99th percentile of the API's answer time, milliseconds. An in-request upload of 20,000 rows takes a few seconds. */
  api_latency_p99_ms: z.number().int().positive().default(10_000),
  /** Failed invocations of a function, percent of all. */
  function_error_percent: z.number().positive().max(100).default(5),
  /** Throttled invocations of a function in 5 minutes. */
  function_throttles: z.number().int().positive().default(1),
  /** Longest run of a function, percent of its timeout; 10 minutes at most whatever the timeout. */
  function_duration_percent: z.number().positive().max(100).default(80),
  /** Age of the oldest message, seconds. */
  oldest_message_seconds: z.number().int().positive().default(900),
  /** Messages waiting; never below twice what the dispatch window holds. */
  queue_depth: z.number().int().positive().default(100),
  /** Records that consumers returned in 5 minutes; above the ten of one invocation, which one passing fault may return. */
  failed_records: z.number().int().positive().default(20),
  /** Used part of a source's day, percent. */
  quota_used_percent: z.number().positive().max(100).default(90),
  /** Least share of products that end enriched, 0 to 1, over 15 minutes. */
  success_rate: z.number().min(0).max(1).default(0.8),
  /**
   * Width of a band around the usual success rate, in standard deviations: below it a second alarm rings, which learns what is usual
   * by hour and weekday. Absent: there is no such alarm. It is billed for the two metrics that it reads and the two bounds of the band: $0.40 a month.
   */
  success_rate_band: z.number().min(0.5).max(10).optional(),
  /** Messages of the shop line that are returned, percent of all, in 5 minutes with 20 or more. */
  assembly_error_percent: z.number().positive().max(100).default(5),
  /** Halves of shop products that became orphans in an hour. */
  orphaned_assemblies: z.number().int().positive().default(1),
  /** Messages waiting in a queue of the shop line. */
  assembly_queue_depth: z.number().int().positive().default(2_000),
  /** Events that the bus refused in 5 minutes; each is sent again, so that a passing fault rings nothing. */
  failed_publishes: z.number().int().positive().default(20),
  /** Requests that came as events and were refused in 5 minutes. */
  refused_requests: z.number().int().positive().default(1),
  /** Throttled requests of a table in 5 minutes. */
  table_throttles: z.number().int().positive().default(1),
});
export type AlarmThresholds = z.infer<typeof AlarmThresholdsSchema>;
