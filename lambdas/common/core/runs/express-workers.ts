/** Workers on the `enrich-express` queue where a stage does not say: many, because each waits for slots. */
export const EXPRESS_WORKERS = 10;
