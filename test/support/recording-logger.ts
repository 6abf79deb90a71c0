import { createLogger, type Logger } from '../../src/lib/logger.js';

/** A logger that keeps what it was told, as parsed lines. */
export interface RecordingLogger {
  logger: Logger;
  lines: Record<string, unknown>[];
  /** Everything that was logged, as text. */
  text: () => string;
}

export function recordingLogger(): RecordingLogger {
  const raw: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('debug', {
    write(line: string) {
      raw.push(line);
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  return { logger, lines, text: () => raw.join('') };
}
