/** How long a value of Secrets Manager is used without reading it again: a replaced one is in no use after a minute, whoever reads it. */
export const SECRET_TRUST_MS = 60_000;
