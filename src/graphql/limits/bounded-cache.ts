/**
 * A cache in memory that holds at most `maxBytes`, as Apollo Server wants it for documents. The entry that was not used
 * for the longest time goes first; a value that is larger than the whole cache is not kept.
 */
export class BoundedCache<V> {
  /** In the order of their last use. */
  readonly #entries = new Map<string, { value: V; bytes: number }>();
  #bytes = 0;

  /** @param sizeOf the bytes that a value takes */
  constructor(
    private readonly maxBytes: number,
    private readonly sizeOf: (value: V) => number,
  ) {}

  get(key: string): Promise<V | undefined> {
    const entry = this.#entries.get(key);
    if (entry) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return Promise.resolve(entry?.value);
  }

  async set(key: string, value: V): Promise<void> {
    await this.delete(key);
    const bytes = Buffer.byteLength(key) + this.sizeOf(value);
    if (bytes > this.maxBytes) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.maxBytes) return;
      await this.delete(oldest);
    }
  }

  delete(key: string): Promise<boolean> {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    return Promise.resolve(this.#entries.delete(key));
  }
}
