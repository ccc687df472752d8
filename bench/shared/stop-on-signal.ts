const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

const stops = new Set<() => Promise<void>>();
let isListening = false;

const listen = (): void => {
  if (isListening) return;
  isListening = true;
  for (const [signal, code] of SIGNALS) {
    let isFirst = true;
    process.on(signal, () => {
      // A terminal sends it to every process of the group, some of them hand it on: one stop is enough.
      if (!isFirst) return;
      isFirst = false;
      process.stderr.write("\nstopping what this bench started …\n");
      // In reverse order, as the code itself stops them.
      const stopAll = [...stops]
        .reverse()
        .reduce<Promise<unknown>>(
          (before, stop) => before.then(stop).catch((error: unknown) => console.error(error)),
          Promise.resolve(),
        );
      void stopAll.finally(() => process.exit(code));
      // What the bench was waiting for fails while it is stopped; that is no news, and must not end it half-way.
      process.on("uncaughtException", () => {});
      process.on("unhandledRejection", () => {});
    });
  }
};

/**
 * Ends what a bench started when a person ends the bench, and then the bench itself.
 * @returns takes it back, once it is ended by itself
 */
export const stopOnSignal = (stop: () => Promise<void>): (() => void) => {
  listen();
  stops.add(stop);
  return () => {
    stops.delete(stop);
  };
};
