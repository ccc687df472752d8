import { LetterJobStore } from "../../../../../../lambdas/common/adapters/dynamodb/dead-letters/letter-job-store.ts";
import {
  type JobEffect,
  LetterStore,
} from "../../../../../../lambdas/common/adapters/dynamodb/dead-letters/letter-store.ts";
import { isoTime } from "../../../../../../lambdas/common/core/clock.ts";
import type { Letter } from "../../../../../../lambdas/common/core/dead-letters/letter.ts";
import { type LetterJob, NO_LETTERS } from "../../../../../../lambdas/common/core/dead-letters/letter-job.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import type { WriteCases } from "./write-case.ts";

const TABLE = "dead-letters";
const now = isoTime(NOON);
const later = isoTime(NOON + 60_000);
const expires_at = Math.floor(NOON / 1_000) + 90 * 86_400;

const letter: Letter = {
  ...{ letter_key: "0b6f6c1e-0000-4000-8000-000000000001", part: "letter", queue: "enrich", state: "open" },
  ...{ sent_at: now, dead_at: now, receive_count: 5, error: { code: "DELIVERIES_FAILED", message: "five times" } },
  ...{ log_group: null, catalog_id: null, tracking_id: null, batch_id: null, correlation_id: null, asins: [] },
  ...{ body_bytes: 2, attributes: {}, group_id: null, attempt: 0, job_id: null, outcome_words: null },
};
const job: LetterJob = {
  ...{ letter_key: "jobs", part: "dlj_00000000000000000000000000", kind: "redrive", state: "running", is_active: true },
  ...{
    selection: { queue: null, message_ids: [letter.letter_key], filter: null, all: false },
    limit: null,
    rate_per_second: 1,
    requested_by: "op",
    requested_at: now,
  },
  ...{ stopped_by: null, stopped_at: null, finished_at: null, position: { place: null, ids: 0 }, ...NO_LETTERS },
  ...{ lease_owner: null, lease_until: null, moved_at: null, updated_at: now, expires_at },
};
const leased: LetterJob = { ...job, lease_owner: "worker", lease_until: later };
const item: JobEffect["item"] = {
  ...{ part: letter.letter_key, queue: "enrich", outcome: "claimed", words: "in hand", attempt: 1 },
  ...{ sent_at: null, check_at: null, updated_at: now, expires_at },
};
const effect: JobEffect = { jobId: job.part, item, before: null };

/** Writes of dead letters and of what is done with them. */
export const LETTER_WRITES: WriteCases = {
  "dead-letters/letter-store.ts": {
    create: { write: (c) => new LetterStore(c, TABLE).create(letter, "{}") },
    replace: {
      seeds: { [TABLE]: [letter, job] },
      write: (c) => new LetterStore(c, TABLE).replace(letter, { ...letter, state: "redriving", attempt: 1 }, effect),
    },
    noteItem: { seeds: { [TABLE]: [job] }, write: (c) => new LetterStore(c, TABLE).noteItem(effect) },
    replaceAlone: {
      seeds: { [TABLE]: [letter] },
      write: (c) => new LetterStore(c, TABLE).replace(letter, { ...letter, state: "discarded" }, undefined),
    },
  },
  "dead-letters/letter-job-store.ts": {
    create: { write: (c) => new LetterJobStore(c, TABLE).create(job).then(() => true) },
    lease: {
      seeds: { [TABLE]: [job] },
      write: (c) => new LetterJobStore(c, TABLE).lease(job.part, { owner: "worker", now, until: later }),
    },
    advance: {
      seeds: { [TABLE]: [leased] },
      write: (c) =>
        new LetterJobStore(c, TABLE).advance(leased, { position: { place: "p", ids: 1 }, moved_at: now, now: later }),
    },
    release: {
      seeds: { [TABLE]: [leased] },
      write: (c) =>
        new LetterJobStore(c, TABLE).release(leased, {
          ...{ state: "waiting", is_active: true, finished_at: null, seen: "running", now: later },
        }),
    },
    stop: {
      seeds: { [TABLE]: [job] },
      write: (c) => new LetterJobStore(c, TABLE).stop(job.part, "anna", later),
    },
  },
};
