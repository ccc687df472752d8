/** Parser of an option that may be repeated: all its values, in their order. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
