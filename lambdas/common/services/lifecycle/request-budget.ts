/** Nothing further of many is begun so long after a request came; the function that answers it ends after 29 s. */
export const REQUEST_BUDGET_MS = 12_000;
