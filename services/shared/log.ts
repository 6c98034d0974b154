import pino, { type Logger } from "pino";

export type { Logger };

/**
 * One JSON object a line on standard output, written before the next statement runs, so that a killed process loses none.
 * Nothing a caller said goes in: identifiers, counts and reasons only.
 */
export const makeLog = (service: string, level: string): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ["authorization", "headers", "prompt", "answer", "body", "person"],
    },
    pino.destination({ dest: 1, sync: true }),
  );
