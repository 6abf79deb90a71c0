const CAPACITY = 1000;

/** One request to the sandbox. It never holds a query string or a token. */
export interface LoggedRequest {
  time: string;
  method: string;
  path: string;
  /** Null while unanswered, and for good when the answer was withheld. */
  status: number | null;
  grantId: string | null;
}

/** The last thousand requests. */
export class RequestLog {
  private entries: LoggedRequest[] = [];

  open(time: Date, method: string, path: string): LoggedRequest {
    const entry = { time: time.toISOString(), method, path, status: null, grantId: null };
    this.entries.push(entry);
    if (this.entries.length > CAPACITY) this.entries.shift();
    return entry;
  }

  list(): LoggedRequest[] {
    return this.entries.map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.entries = [];
  }
}
