/**
 * Parts that one export may have. Their list lives in the export's row at about 70 bytes each, and DynamoDB takes rows
 * of 400 KB; S3 would take 10,000.
 */
export const MAX_PARTS = 4_000;
/** Parts before the next ones are larger. What a million ordinary rows need stays well below. */
const PARTS_OF_A_SIZE = 500;
/** A part is in memory as a whole, twice when it is put together. */
const MAX_TIMES = 3;

/**
 * Bytes to gather before a part is uploaded: `first`, later twice and three times as much. With 8 MiB at first that is
 * 82 GiB in all; a million rows that repeat 64 KB of column names need less.
 * @param number of the part, from 1
 */
export const bytesOfPart = (number: number, first: number): number =>
  first * Math.min(MAX_TIMES, Math.ceil(number / PARTS_OF_A_SIZE));
