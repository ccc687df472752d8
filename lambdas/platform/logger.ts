import { Logger } from "@aws-lambda-powertools/logger";

/** What code may do with a logger: a sentence, and fields to search by. Never a secret, a token or a whole body. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** The structured JSON logger of a function. Level and service name come from the environment. */
export const createLogger = (): Log => {
  const logger = new Logger();
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
};
