/** A text as one segment of a path. Half of a character, which no address can hold, becomes the sign for an unknown one. */
export const inPath = (text: string): string => encodeURIComponent(text.toWellFormed());
