import { type FastifyReply, type FastifyRequest } from 'fastify';

const NAME = 'zoom_sandbox_user';

/** The Zoom user who last decided in this browser. */
export function readUserCookie(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}

/** Remembers the deciding user in this browser. */
export function writeUserCookie(reply: FastifyReply, zoomUserId: string): void {
  void reply.header('set-cookie', `${NAME}=${zoomUserId}; Path=/oauth; HttpOnly; SameSite=Lax`);
}
