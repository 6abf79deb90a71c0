/** How one operation ended, for the log and the metrics. It holds no value of the request. */
export interface OperationReport {
  /** The name in the document. Undefined: it has none, or the document could not be read. */
  name?: string;
  /** The caller. Undefined: the request carried no valid token. */
  userId?: string;
  /** The codes of the errors in the answer, each once. */
  codes: string[];
  /** The ids of unexpected errors. Each is in a log line with its stack. */
  errorIds: string[];
  durationMs: number;
}
