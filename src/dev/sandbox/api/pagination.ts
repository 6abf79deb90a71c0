import { type ApiCall, ApiError, validationFailed } from './api-call.js';

const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 300;
const PAGE_TOKEN_LIFETIME_MS = 15 * 60_000;

/** One page of a list, and the paging fields that Zoom adds to the answer. */
export interface Page<Item> {
  envelope: Record<string, unknown>;
  items: Item[];
}

/** Takes the page that the query asks for. A page token is valid only for exactly the same query. */
export function paginate<Item>(call: ApiCall, all: readonly Item[]): Page<Item> {
  const pageSize = wholeNumber(call.query, 'page_size', {
    byDefault: DEFAULT_PAGE_SIZE,
    min: 1,
    max: MAX_PAGE_SIZE,
  });
  // Clients count from 0 or from 1. Both are the first page.
  const pageNumber = wholeNumber(call.query, 'page_number', {
    byDefault: 1,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  const binding = queryBinding(call);
  const offset = readOffset(call, binding) ?? (Math.max(pageNumber, 1) - 1) * pageSize;
  const items = all.slice(offset, offset + pageSize);
  const hasMore = offset + pageSize < all.length;
  return { items, envelope: envelope(call, { pageSize, offset, total: all.length, hasMore, binding }) };
}

interface Position {
  pageSize: number;
  offset: number;
  total: number;
  hasMore: boolean;
  binding: string;
}

function envelope(
  call: ApiCall,
  { pageSize, offset, total, hasMore, binding }: Position,
): Record<string, unknown> {
  const legacy = { page_count: Math.ceil(total / pageSize), page_number: Math.floor(offset / pageSize) + 1 };
  return {
    ...(call.state.settings.legacyPageFields ? legacy : {}),
    page_size: pageSize,
    total_records: total,
    next_page_token: hasMore
      ? call.state.opaqueTokens.issue(binding, offset + pageSize, PAGE_TOKEN_LIFETIME_MS)
      : '',
  };
}

function readOffset({ state, query }: ApiCall, binding: string): number | undefined {
  const token = query.get('next_page_token');
  if (!token) return undefined;
  const offset = state.opaqueTokens.read(token, binding);
  if (offset === undefined)
    throw new ApiError(400, 300, 'The next page token is either invalid or has expired.');
  return offset;
}

function queryBinding({ grant, query, request }: ApiCall): string {
  const others = [...query].filter(([name]) => name !== 'next_page_token').sort();
  return JSON.stringify([grant.clientId, grant.zoomUserId, request.url.split('?', 1)[0], others]);
}

interface Range {
  byDefault: number;
  min: number;
  max: number;
}

function wholeNumber(query: URLSearchParams, name: string, { byDefault, min, max }: Range): number {
  const text = query.get(name);
  if (text === null || text === '') return byDefault;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw validationFailed(name);
  return value;
}
