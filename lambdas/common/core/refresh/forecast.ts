/** Hours that a forecast covers: in a day every product must be fetched once. */
export const FORECAST_HOURS = 24;
/** Hours before its end from which a product may be fetched. */
const HOURS_BEFORE_END = 4;

/** Products that one source can fetch. */
export interface ForecastSupply {
  readonly perDay: number;
  /** Of these, products that are left of the day now. */
  readonly left: number;
  /** Products that its pace allows in an hour. */
  readonly perHour: number;
}

/** What the refresh has to do for one shop. */
export interface ForecastShop {
  /** Products whose first field ends in this hour, the next, …: 24 counts. */
  readonly endsByHour: readonly number[];
  /** Products of which something has ended already. */
  readonly ended: number;
  /** Ids of the supplies that serve it in this hour, the next, …, in order: 24 lists. Empty: all are blocked in that hour. */
  readonly sourcesByHour: readonly (readonly string[])[];
}

/** What the refresh has to do and what it has for it. Shops share the supply of a source. */
export interface ForecastInput {
  readonly shops: readonly ForecastShop[];
  readonly supplies: ReadonlyMap<string, ForecastSupply>;
}

/** What will end before it can be fetched. */
export interface Forecast {
  /** Products that will have ended within the day, those that have already among them. */
  readonly count: number;
  /** Hours from now in which the first of them ends; 0: it has; null: none will. */
  readonly firstInHours: number | null;
  /** Products by shop, in the order of the input, for which the day has no call; what can be fetched late is not among them. */
  readonly short: readonly number[];
}

interface Waiting {
  readonly shop: ForecastShop;
  readonly ends: number[];
  overdue: number;
  late: number;
}

/** What a source can still fetch in an hour: its pace, and what the rolling day has free by then. */
const roomIn = (hour: number, { perDay, left, perHour }: ForecastSupply, used: number): number => {
  const free = left + ((perDay - left) * (hour + 1)) / FORECAST_HOURS;
  return Math.max(0, Math.min(perHour, Math.floor(Math.min(free, perDay)) - used));
};

/** Takes as much of `wanted` from the shops as there is room for, and returns the room that is left. */
const serve = (
  room: number,
  served: readonly Waiting[],
  wanted: { readonly of: (one: Waiting) => number; readonly take: (one: Waiting, count: number) => void },
): number => {
  let rest = room;
  for (const one of served) {
    const fetched = Math.min(rest, wanted.of(one));
    wanted.take(one, fetched);
    rest -= fetched;
  }
  return rest;
};

/** One hour of one source: what ends first is fetched first, whatever its shop; then what has ended. */
const serveHour = (hour: number, room: number, served: readonly Waiting[]): number => {
  let rest = room;
  for (let end = hour; end < Math.min(FORECAST_HOURS, hour + HOURS_BEFORE_END); end += 1) {
    rest = serve(rest, served, {
      of: ({ ends }) => ends[end] ?? 0,
      take: ({ ends }, count) => {
        ends[end] = (ends[end] ?? 0) - count;
      },
    });
  }
  return serve(rest, served, {
    of: ({ overdue }) => overdue,
    take: (one, count) => {
      one.overdue -= count;
    },
  });
};

/** Says hour by hour what each source can fetch for the shops that it serves by then, and what ends without. */
export const forecastEnds = ({ shops, supplies }: ForecastInput): Forecast => {
  const waiting: Waiting[] = shops.map((shop) => ({
    shop,
    ends: [...shop.endsByHour.slice(0, FORECAST_HOURS)],
    overdue: shop.ended,
    late: 0,
  }));
  const used = new Map<string, number>();
  const ended = shops.reduce((sum, shop) => sum + shop.ended, 0);
  let firstInHours: number | null = ended > 0 ? 0 : null;
  for (let hour = 0; hour < FORECAST_HOURS; hour += 1) {
    for (const [id, supply] of supplies) {
      const served = waiting.filter(({ shop }) => shop.sourcesByHour[hour]?.includes(id));
      const room = roomIn(hour, supply, used.get(id) ?? 0);
      used.set(id, (used.get(id) ?? 0) + room - serveHour(hour, room, served));
    }
    for (const one of waiting) {
      const missed = one.ends[hour] ?? 0;
      if (missed > 0) firstInHours ??= hour;
      one.late += missed;
    }
  }
  return {
    count: ended + waiting.reduce((sum, { late }) => sum + late, 0),
    firstInHours,
    short: waiting.map(({ late, overdue }) => late + overdue),
  };
};
