import { type FastifyReply } from 'fastify';

/** An answer that a test or an operator prepares. What it leaves out is as in the real answer. */
export interface PreparedAnswer {
  status?: number;
  /** The header `Content-Type`. Null: the header is missing. Default: by the kind of `body`. */
  contentType?: string | null;
  headers?: Record<string, string>;
  /** Text is sent byte by byte, everything else as JSON. */
  body?: unknown;
  /**
   * Members to merge into the JSON of the real answer, at any depth. Null sets null. The keys for a list are indexes,
   * or `*` for all items; a list replaces a list. It implies `work: 'done'`.
   */
  merge?: Record<string, unknown>;
  /** Paths of members to remove, such as `scope` or `meetings.*.start_time`. It implies `work: 'done'`. */
  drop?: readonly string[];
  /**
   * Whether the endpoint does its work before this answer is sent: rotates the token, creates the meeting.
   * Default: `skipped`.
   */
  work?: 'skipped' | 'done';
}

/** Whether the endpoint does its work although its answer is prepared. */
export function keepsWork({ work, merge, drop }: PreparedAnswer): boolean {
  return work === 'done' || merge !== undefined || drop !== undefined;
}

/** Puts a prepared answer in the place of the real one. Returns the body to send. */
export function putAnswer(answer: PreparedAnswer, reply: FastifyReply, realBody: unknown): unknown {
  if (answer.status !== undefined) void reply.code(answer.status);
  const type = contentTypeOf(answer);
  if (type === null) reply.removeHeader('content-type');
  else if (type !== undefined) void reply.type(type);
  void reply.headers(answer.headers ?? {});
  if (reply.statusCode === 204) return '';
  if (answer.body !== undefined)
    return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return keepsWork(answer) ? changed(answer, realBody) : '';
}

function contentTypeOf(answer: PreparedAnswer): string | null | undefined {
  if (answer.contentType !== undefined) return answer.contentType;
  if (answer.body === undefined) return keepsWork(answer) ? undefined : null;
  return typeof answer.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
}

function changed({ merge = {}, drop = [] }: PreparedAnswer, realBody: unknown): unknown {
  if (typeof realBody !== 'string' || !/^[[{]/.test(realBody)) return realBody;
  const merged = mergeInto(JSON.parse(realBody), merge);
  return JSON.stringify(drop.reduce((value, path) => dropMember(value, path.split('.')), merged));
}

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Merges members into a JSON value and returns the result. A list takes an object whose keys are indexes or `*`. */
export function mergeInto(value: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      const changes = ['*', String(index)].filter((key) => Object.hasOwn(change, key));
      return changes.reduce((merged, key) => mergeInto(merged, change[key]), item);
    });
  }
  const target = isObject(value) ? value : {};
  // An empty object has nothing to merge, so it replaces the value.
  const members = Object.entries(change).map(([key, member]) => [
    key,
    isObject(member) && Object.keys(member).length > 0 ? mergeInto(target[key], member) : member,
  ]);
  return { ...target, ...Object.fromEntries(members) };
}

function dropMember(value: unknown, [key = '', ...rest]: string[]): unknown {
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, index) => key !== '*' && String(index) !== key);
    return value.map((item: unknown, index) =>
      key === '*' || String(index) === key ? dropMember(item, rest) : item,
    );
  }
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  const { [key]: member, ...others } = value;
  return rest.length === 0 ? others : { ...value, [key]: dropMember(member, rest) };
}
