/** What is known of a run at one moment. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Recent products per second; null while there are too few to say. */
  readonly perSecond: number | null;
  /** Upstream calls used of the day's allowance; null when nobody says. */
  readonly quota: { readonly used: number; readonly limit: number | null } | null;
  /** Null when it is unknown. */
  readonly secondsLeft: number | null;
  /** Why the run waits; null while it does not. */
  readonly waitsFor: string | null;
}

const WIDEST_BAR = 28;
const NARROWEST_BAR = 8;
const grouped = (count: number): string => count.toLocaleString("en-US");

/** Seconds in words that fit a line: `45 s`, `3 min 20 s`, `2 h 5 min`. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
};

/** Quota in words: `33/8,640 calls today`. */
export const quotaText = ({ used, limit }: NonNullable<Progress["quota"]>): string =>
  limit === null ? `${grouped(used)} calls today` : `${grouped(used)}/${grouped(limit)} calls today`;

/**
 * One line that shows how far the run is. The bar takes what the words leave of `columns`, 8 to 28.
 */
export const renderProgress = (progress: Progress, columns = 100): string => {
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  const words = [
    ` ${String(Math.floor(share * 100)).padStart(3)} %`,
    `${grouped(progress.done)}/${grouped(progress.total)} products`,
  ];
  if (progress.perSecond !== null) words.push(`${progress.perSecond.toFixed(1)}/s`);
  if (progress.quota) words.push(quotaText(progress.quota));
  if (progress.waitsFor) words.push(`waits: ${progress.waitsFor}`);
  else if (progress.secondsLeft !== null && share < 1) words.push(`${duration(progress.secondsLeft)} left`);
  const text = words.join("  ");
  const width = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, columns - 1 - text.length));
  const filled = Math.floor(share * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)}${text}`;
};
