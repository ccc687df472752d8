/** Name of the attribute by which a message that was sent again is recognised when it comes back. */
export const REDRIVE_ATTRIBUTE = "EnrichlineDeadLetter";

/** The letter and the attempt that a message is of. */
export interface RedriveMark {
  readonly letterId: string;
  readonly attempt: number;
}

/** The mark as the attribute's value. */
export const redriveMark = ({ letterId, attempt }: RedriveMark): string => `${letterId}/${attempt}`;

/** Reads a mark; undefined for any other text. */
export const readRedriveMark = (value: string | undefined): RedriveMark | undefined => {
  const [, letterId, attempt] = /^([A-Za-z0-9-]{1,100})\/([0-9]{1,6})$/.exec(value ?? "") ?? [];
  return letterId === undefined ? undefined : { letterId, attempt: Number(attempt) };
};
