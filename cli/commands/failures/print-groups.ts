import type {
  FailureGroup,
  FailureGroupDetail,
  FailureGroupList,
  TrialView,
} from "../../../lambdas/common/core/contract/operations/failure-groups.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";

const percent = (share: number): string => (share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(share * 100)} %`);
const seen = (io: Io, time: string | null): string => (time === null ? "-" : formatMoment(time, io.now()));

/** The command that tries a group: all of it, since that begins with ten and stops by itself. */
const tryCommand = (groupId: string): string => `enrichline failures try ${groupId} all`;

/** What to do about a group, ending with the exact command. */
export const printNext = (io: Io, { group_id, remedy, retriable, state, count }: FailureGroup): void => {
  io.out(`What to do  ${remedy.words}\n`);
  if (!remedy.automatic) io.out(`            ${remedy.command}\n`);
  if (count === 0 || state === "trying") return;
  const command = retriable ? tryCommand(group_id) : `enrichline failures ignore ${group_id}`;
  io.out(`Next        ${io.paint("green", command)}\n`);
};

/** Writes the groups, the causes of those that are open, and what each needs next. */
export const printGroups = (io: Io, { items, waiting, complete }: FailureGroupList): void => {
  if (items.length === 0 && waiting.length === 0) {
    io.out("Nothing failed that is not resolved or ignored, and no run waits for a source.\n");
    return;
  }
  if (items.length > 0) {
    const rows = items.map((group) => [
      ...[group.group_id, group.state, String(group.count), percent(group.share), String(group.catalogs)],
      ...[seen(io, group.first_seen), seen(io, group.last_seen)],
    ]);
    io.out(formatTable(["group", "state", "products", "share", "catalogs", "first seen", "last seen"], rows));
  }
  for (const group of items) {
    io.out(`\n${io.paint("red", group.group_id)}\nWhy         ${group.cause}\n`);
    printNext(io, group);
  }
  for (const { source, code, cause, remedy, catalogs, pending, retry_at } of waiting) {
    const until = retry_at === null ? "" : `; asked again ${formatMoment(retry_at, io.now())} local time`;
    io.out(
      `\n${io.paint("yellow", `waiting for ${source}`)}: ${code}, ${counted(catalogs, "catalog")}, ${counted(pending, "product")} pending${until}\n`,
    );
    io.out(`Why         ${cause}\nWhat to do  ${remedy.words}\n`);
    if (!remedy.automatic) io.out(`            ${remedy.command}\n`);
  }
  if (!complete) io.err("More runs have failed products than are counted; the counts are too low.\n");
};

/** One catalog, two catalogs. */
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

const TRIAL_WORDS: Readonly<Record<TrialView["state"], string>> = {
  running: "under way",
  done: "done",
  came_back: "stopped by itself, because the group came back",
  stopped: "stopped",
};

/** One line about a trial. */
export const trialLine = ({ size, state, tried, healed, failed_again, ended_otherwise, pending }: TrialView): string =>
  [
    `try ${size}: ${TRIAL_WORDS[state]}; ${tried} tried, ${healed} enriched, ${failed_again} failed again`,
    ...(ended_otherwise > 0 ? [`${ended_otherwise} ended otherwise`] : []),
    ...(pending > 0 ? [`${pending} pending`] : []),
  ].join(", ");

/** Writes all that is known of a group. */
export const printGroup = (io: Io, group: FailureGroupDetail): void => {
  io.out(`Group       ${group.group_id}\n`);
  io.out(
    `State       ${group.state}${group.ignored_until === null ? "" : ` until ${seen(io, group.ignored_until)}`}\n`,
  );
  io.out(
    `Products    ${group.count} in ${counted(group.catalogs, "catalog")}, ${percent(group.share)} of what ended there\n`,
  );
  io.out(`Seen        first ${seen(io, group.first_seen)}, last ${seen(io, group.last_seen)} local time\n`);
  io.out(`Why         ${group.cause}\n`);
  if (group.raw_codes.length > 0) io.out(`Codes       ${group.raw_codes.join(", ")}\n`);
  if (group.trial) io.out(`Trial       ${trialLine(group.trial)}\n`);
  printNext(io, group);
  if (group.samples.length > 0) {
    io.out("\n");
    const rows = group.samples.map(({ asin, marketplace, catalog_id }) => [asin, marketplace, catalog_id]);
    io.out(formatTable(["sample", "shop", "catalog"], rows));
  }
  if (group.runs.length > 0) {
    io.out("\n");
    io.out(
      formatTable(
        ["catalog", "products"],
        group.runs.map((run) => [run.catalog_id, String(run.count)]),
      ),
    );
  }
  if (group.history.length > 0) {
    io.out("\n");
    const rows = group.history.map(({ at, by, event, note }) => [seen(io, at), event, by ?? "by itself", note ?? ""]);
    io.out(formatTable(["when", "what", "who", "note"], rows));
  }
};
