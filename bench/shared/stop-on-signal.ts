/** Ends what a bench started when a person ends the bench, and then the bench itself. */
export const stopOnSignal = (stop: () => Promise<void>): void => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      stop().finally(() => process.exit(code));
    });
  }
};
