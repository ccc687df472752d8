import { Logger } from "@aws-lambda-powertools/logger";

/** What code may do with a logger: a sentence, and fields to search by. Never a secret, a token or a whole body. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** A logger that can carry fields of the work at hand. */
export interface ContextLog extends Log {
  /**
   * Does `work` with fields on every line that is logged meanwhile, by any code; a line's own field wins. For works
   * that follow each other, one inside another included, not for such as run at the same time.
   */
  during<Result>(fields: Record<string, unknown>, work: () => Promise<Result>): Promise<Result>;
}

/** The structured JSON logger of a function. Level and service name come from the environment. */
export const createLogger = (): ContextLog => {
  const logger = new Logger();
  let carried: Record<string, unknown> = {};
  const carry = (fields: Record<string, unknown>): void => {
    logger.removeKeys(Object.keys(carried));
    logger.appendKeys(fields);
    carried = fields;
  };
  return {
    during: async (fields, work) => {
      const outer = carried;
      carry({ ...outer, ...fields });
      try {
        return await work();
      } finally {
        carry(outer);
      }
    },
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
};
