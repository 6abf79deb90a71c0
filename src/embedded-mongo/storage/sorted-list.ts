const MAX_CHUNK = 512;

/** Items in order, in chunks, so that adding one among 100,000 moves a few hundred and not half of them. */
export class SortedList<T> {
  private chunks: T[][] = [];
  private count = 0;

  constructor(private readonly compare: (a: T, b: T) => number) {}

  get size(): number {
    return this.count;
  }

  /** Fills an empty list at once, sorting `items` in place. */
  fill(items: T[]): void {
    const sorted = items.sort(this.compare);
    for (let i = 0; i < sorted.length; i += MAX_CHUNK / 2)
      this.chunks.push(sorted.slice(i, i + MAX_CHUNK / 2));
    this.count = sorted.length;
  }

  add(item: T): void {
    const at = Math.min(this.chunkOf(item), Math.max(0, this.chunks.length - 1));
    const chunk = (this.chunks[at] ??= []);
    chunk.splice(position(chunk, item, this.compare), 0, item);
    this.count++;
    if (chunk.length > MAX_CHUNK) this.chunks.splice(at + 1, 0, chunk.splice(MAX_CHUNK / 2));
  }

  /** Removes the item that compares as equal, if there is one. */
  remove(item: T): void {
    const at = this.chunkOf(item);
    const chunk = this.chunks[at] ?? [];
    const i = position(chunk, item, this.compare);
    const found = chunk[i];
    if (found === undefined || this.compare(found, item) !== 0) return;
    chunk.splice(i, 1);
    this.count--;
    if (chunk.length === 0) this.chunks.splice(at, 1);
  }

  /** The items with start <= item < end. The list must not change while they are read. */
  *between(start: T, end: T, backwards: boolean): Generator<T> {
    const first = this.chunkOf(start);
    const last = Math.min(this.chunkOf(end), this.chunks.length - 1);
    for (let n = 0; n <= last - first; n++) {
      const at = backwards ? last - n : first + n;
      const chunk = this.chunks[at] as T[];
      const low = at === first ? position(chunk, start, this.compare) : 0;
      const high = at === last ? position(chunk, end, this.compare) : chunk.length;
      for (let i = 0; i < high - low; i++) yield chunk[backwards ? high - 1 - i : low + i] as T;
    }
  }

  /** The first chunk that has something not before the item; one beyond the last when there is none. */
  private chunkOf(item: T): number {
    return position(this.chunks, item, (chunk, wanted) => this.compare(chunk[chunk.length - 1] as T, wanted));
  }
}

/** How many elements of a sorted array come before `wanted`. */
function position<E, T>(sorted: E[], wanted: T, compare: (element: E, wanted: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as E, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
