/**
 * A wait of which half varies, so that callers who were refused together do not come back together.
 * @param ms longest
 */
export const varied = (ms: number): number => ms * (0.5 + Math.random() / 2);
