/** Hours that a forecast covers: in a day every product must be fetched once. */
export const FORECAST_HOURS = 24;
/** Hours before its end from which a product may be fetched. */
const HOURS_BEFORE_END = 4;

/** What the refresh has to do and what it has for it. */
export interface ForecastInput {
  /** Products whose first field ends in this hour, the next, …: 24 counts. */
  readonly endsByHour: readonly number[];
  /** Products of which something has ended already. */
  readonly ended: number;
  /** Products that can be fetched in a day. */
  readonly perDay: number;
  /** Of these, products that can be fetched at once. */
  readonly left: number;
}

/** What will end before it can be fetched. */
export interface Forecast {
  /** Products that cannot be kept fresh over the next day; those that have ended and stay so count too. */
  readonly count: number;
  /** Hours from now in which the first of them ends; 0: it has; null: none will. */
  readonly firstInHours: number | null;
}

/** Hour by hour: what ends first is fetched first, with what the rolling day has free by then. */
export const forecastEnds = ({ endsByHour, ended, perDay, left }: ForecastInput): Forecast => {
  const waiting = [...endsByHour.slice(0, FORECAST_HOURS)];
  let overdue = ended;
  let used = 0;
  let late = 0;
  let firstInHours: number | null = null;
  for (let hour = 0; hour < FORECAST_HOURS; hour += 1) {
    const free = left + ((perDay - left) * (hour + 1)) / FORECAST_HOURS;
    let room = Math.max(0, Math.floor(Math.min(free, perDay)) - used);
    for (let end = hour; end < Math.min(FORECAST_HOURS, hour + HOURS_BEFORE_END); end += 1) {
      const fetched = Math.min(room, waiting[end] ?? 0);
      waiting[end] = (waiting[end] ?? 0) - fetched;
      used += fetched;
      room -= fetched;
    }
    const recovered = Math.min(room, overdue);
    overdue -= recovered;
    used += recovered;
    const missed = waiting[hour] ?? 0;
    if (missed > 0) firstInHours ??= hour;
    late += missed;
  }
  if (overdue > 0) firstInHours = 0;
  return { count: late + overdue, firstInHours };
};
