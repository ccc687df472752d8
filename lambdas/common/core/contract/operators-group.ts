/** Cognito group whose members may see and move everybody's work. */
export const OPERATORS = "operators";
