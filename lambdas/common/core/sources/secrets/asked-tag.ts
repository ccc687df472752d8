/** Tag of a source's secret that says whether the stage asks the source: the secret itself is there either way. */
export const ASKED_TAG = "enrichline:asked";

/** Values of the tag. */
export const ASKED = { YES: "yes", NO: "no" } as const;
