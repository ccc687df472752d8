const scaled = (amount: string): bigint | undefined => {
  const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(amount);
  return match ? BigInt((match[1] ?? "") + (match[2] ?? "").padEnd(6, "0")) : undefined;
};

/** Whether decimal amount `a` is below `b`; undefined when either is no amount. */
export const isBelow = (a: string, b: string): boolean | undefined => {
  const [left, right] = [scaled(a), scaled(b)];
  return left === undefined || right === undefined ? undefined : left < right;
};

/**
 * What a buyer saves on the original price, as decimal text with as many places as `original` has, and in whole
 * percent, rounded half up. Undefined when the current price is not below the original one.
 */
export const savingsOf = (
  original: string,
  current: string,
): { readonly amount: string; readonly percentage: number } | undefined => {
  const [from, to] = [scaled(original), scaled(current)];
  if (from === undefined || to === undefined || to >= from) return undefined;
  const digits = Math.max(original.split(".")[1]?.length ?? 0, current.split(".")[1]?.length ?? 0);
  const text = (from - to).toString().padStart(7, "0");
  const fraction = text.slice(-6).slice(0, digits);
  return {
    amount: digits === 0 ? text.slice(0, -6) : `${text.slice(0, -6)}.${fraction}`,
    percentage: Math.round(Number(((from - to) * 1000n) / from) / 10),
  };
};
