import { ConfigError } from "../../errors.ts";

/** A quarter of an hour, in which the day is counted. */
export const QUARTER_MS = 15 * 60_000;
const SEARCH_QUARTERS = 27 * 4;

interface LocalDay {
  readonly startMs: number;
  readonly endMs: number;
}

/** Last computed day by zone: every reservation needs the same one, and the calendar is slow. */
const lastDays = new Map<string, LocalDay>();

const localDate = (zone: string): ((epochMs: number) => string) => {
  try {
    const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
    return (epochMs) => format.format(epochMs);
  } catch (cause) {
    throw new ConfigError(`"${zone}" is no time zone: use a name such as America/Los_Angeles or an offset as +02:00`, {
      cause,
    });
  }
};

/** Whether `zoneDay` can compute the days of a zone: the zone exists, and its offset is a multiple of 15 minutes. */
export const isDayZone = (zone: string): boolean => {
  if (/^[+-]/.test(zone) && !/:(00|15|30|45)$/.test(zone)) return false;
  try {
    localDate(zone);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
};

const firstQuarter = (low: number, high: number, isTrue: (quarter: number) => boolean): number => {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (isTrue(middle)) to = middle;
    else from = middle + 1;
  }
  return from * QUARTER_MS;
};

/**
 * Start and end of the local day in which `epochMs` lies, in epoch milliseconds. A day may have 23 or 25 hours.
 * @param zone IANA name or UTC offset; every zone in use is a multiple of 15 minutes away from UTC.
 * @throws ConfigError when there is no such zone.
 */
export const zoneDay = (zone: string, epochMs: number): LocalDay => {
  const last = lastDays.get(zone);
  if (last && epochMs >= last.startMs && epochMs < last.endMs) return last;
  const dateAt = localDate(zone);
  const today = dateAt(epochMs);
  const quarter = Math.floor(epochMs / QUARTER_MS);
  const startMs = firstQuarter(quarter - SEARCH_QUARTERS, quarter, (at) => dateAt(at * QUARTER_MS) >= today);
  const endMs = firstQuarter(quarter + 1, quarter + SEARCH_QUARTERS, (at) => dateAt(at * QUARTER_MS) > today);
  const day = { startMs, endMs };
  lastDays.set(zone, day);
  return day;
};
