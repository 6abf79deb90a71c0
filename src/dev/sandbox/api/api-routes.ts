import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { applyFaultBeforeWork } from '../http/faults.js';
import { completeEntry, pathOf, queryOf } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type ApiCall, ApiError, type ApiRoute } from './api-call.js';
import { authenticate } from './access.js';
import { getUser } from './get-user.js';
import { getUserSettings } from './user-settings.js';
import { getUserToken, getZak } from './user-tokens.js';
import { getMeeting, listMeetings } from './meetings/read-meetings.js';
import { createMeeting, deleteMeeting, updateMeeting } from './meetings/write-meetings.js';
import { listMeetingRecordings, listRecordings } from './recordings/read-recordings.js';
import { registerRecordingFiles } from './recordings/recording-downloads.js';
import { checkRateLimit } from './rate-limits.js';
import { checkScope } from './scopes.js';

const ROUTES: readonly ApiRoute[] = [
  getUser,
  getUserSettings,
  getZak,
  getUserToken,
  listMeetings,
  createMeeting,
  getMeeting,
  updateMeeting,
  deleteMeeting,
  listRecordings,
  listMeetingRecordings,
];

/** Registers the REST API. Every route checks in the same order: token, scope, parameters, resource. */
export function registerApiRoutes(server: FastifyInstance, state: SandboxState): void {
  void server.register((api, _options, done) => {
    api.setErrorHandler(sendApiError);
    for (const route of ROUTES) registerRoute(api, state, route);
    registerRecordingFiles(api, state);
    done();
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 2300, message: 'This API endpoint is not recognized.' }),
  );
}

function registerRoute(api: FastifyInstance, state: SandboxState, route: ApiRoute): void {
  const admitted = new WeakMap<FastifyRequest, Admission>();
  api.route({
    method: route.method,
    url: route.url,
    // Checked before the body is read: a bad token is reported even if the body is malformed.
    onRequest: async (request, reply) => {
      state.counters.countApiRequest(pathOf(request));
      await applyFaultBeforeWork(state.faults, 'api', request, reply);
      if (!reply.sent) admitted.set(request, admit(state, route, request, reply));
    },
    handler: (request, reply) => {
      const admission = admitted.get(request);
      if (!admission) throw new Error('A request reached its handler without a grant.');
      return route.handle({ state, ...admission, query: queryOf(request), request, reply });
    },
  });
}

type Admission = Pick<ApiCall, 'grant' | 'reach'>;

function admit(
  state: SandboxState,
  route: ApiRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Admission {
  const grant = authenticate(state, request);
  completeEntry(request, { grantId: grant.id });
  checkRateLimit(state, grant.accountId, route.label, reply);
  const reach = checkScope(grant, route.scope, (request.params as { userId?: string }).userId);
  return { grant, reach };
}

function sendApiError(error: FastifyError | ApiError, _request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof ApiError) {
    return reply.code(error.status).send({ code: error.code, message: error.message, errors: error.errors });
  }
  const isBodyError = typeof error.statusCode === 'number' && error.statusCode < 500;
  if (isBodyError)
    return reply.code(400).send({ code: 300, message: 'Request Body should be a valid JSON object.' });
  return reply.code(500).send({ code: 500, message: error.message });
}
