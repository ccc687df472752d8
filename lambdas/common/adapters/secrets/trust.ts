/** How long a value of Secrets Manager is used without reading it again: one that was replaced is out of use after a minute. */
export const SECRET_TRUST_MS = 60_000;
