import { type FastifyRequest } from 'fastify';
import { pathOf } from '../http/requests.js';

const POSITION = '/v2/meetings/{id}'.split('/').length - 1;

/**
 * The meeting number or UUID in the path. A UUID that starts with `/` or holds `//` must come encoded twice: encoded
 * once it names nothing, as at Zoom.
 */
export function meetingKeyOf(request: FastifyRequest): { key: string; isReachable: boolean } {
  const once = decode(pathOf(request).split('/')[POSITION] ?? '');
  const isReachable = !once.startsWith('/') && !once.includes('//');
  return { key: decode(once), isReachable };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
