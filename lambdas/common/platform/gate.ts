/** Does work as soon as there is room for it. */
export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A gate that lets at most so many works run at the same time; others wait in the order in which they came. */
export const createGate = (most: number): Gate => {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The room passes on at once, so that nobody who comes now takes it before.
      if (next) next();
      else free += 1;
    }
  };
};
