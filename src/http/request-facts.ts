import { type FastifyRequest } from 'fastify';

const LONGEST_USER_AGENT = 256;

/** The device of a request, for the audit trail. */
export function deviceInfoOf(request: FastifyRequest): { userAgent?: string; ipAddress?: string } {
  const userAgent = request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT);
  return { ...(userAgent && { userAgent }), ipAddress: request.ip };
}
