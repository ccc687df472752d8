const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const partsOf = (epochMs: number, timeZone: string | undefined): Record<string, string> => {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...(timeZone === undefined ? {} : { timeZone }),
    weekday: "short",
    day: "numeric",
    month: "numeric",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
};

/** Days since 1970 of the calendar day, whatever the clock says on it. */
const dayOf = ({ year, month, day }: Record<string, string>): number =>
  Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A moment as the person at the keyboard says it, to the minute and never early: `today at 14:03`,
 * `tomorrow at 09:10`, `on Tue 4 Aug 2026 at 09:10`.
 * @param iso ISO-8601 time
 * @param nowMs epoch milliseconds
 * @param timeZone IANA name; the machine's own unless given
 */
export const formatMoment = (iso: string, nowMs: number, timeZone?: string): string => {
  const at = partsOf(Math.ceil(Date.parse(iso) / MINUTE_MS) * MINUTE_MS, timeZone);
  const clock = `${at.hour}:${at.minute}`;
  const ahead = dayOf(at) - dayOf(partsOf(nowMs, timeZone));
  if (ahead === 0) return `today at ${clock}`;
  if (ahead === 1) return `tomorrow at ${clock}`;
  return `on ${at.weekday} ${Number(at.day)} ${MONTHS[Number(at.month) - 1]} ${at.year} at ${clock}`;
};
