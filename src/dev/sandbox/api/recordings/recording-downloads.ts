import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { applyFaultBeforeWork } from '../../http/faults.js';
import { pathOf, queryOf } from '../../http/requests.js';
import { type SandboxState } from '../../state.js';
import { type RecordingFile, type SandboxRecording } from '../../store/recordings.js';
import { authenticate, canReach } from '../access.js';
import { ApiError, invalidAccessToken } from '../api-call.js';

const SIGNED_ADDRESS_LIFETIME_MS = 60 * 60_000;

/** The binding of a download token: it is valid for all files of one recording. */
export function downloadBinding({ uuid }: SandboxRecording): string {
  return `download ${uuid}`;
}

/**
 * The download of a recording's files. The address in the API's answers needs a Bearer token and redirects to a
 * signed address, which needs no token.
 */
export function registerRecordingFiles(api: FastifyInstance, state: SandboxState): void {
  api.get('/rec/download/:key', {
    onRequest: (request, reply) => applyFaultBeforeWork(state.faults, 'api', request, reply),
    handler: (request, reply) => {
      const path = pathOf(request);
      const found = findFile(state, path);
      if (!holdsDownloadToken(state, request, found.recording)) checkOwner(state, request, found.recording);
      const signature = state.opaqueTokens.issue(path, 0, SIGNED_ADDRESS_LIFETIME_MS);
      return reply.redirect(`${state.baseUrl}${path.replace('/download/', '/file/')}?signature=${signature}`);
    },
  });
  api.get('/rec/file/:key', (request, reply) => {
    const path = pathOf(request).replace('/file/', '/download/');
    const isSigned = state.opaqueTokens.read(queryOf(request).get('signature') ?? '', path) !== undefined;
    if (!isSigned)
      return reply.code(403).type('application/xml').send('<Error><Code>AccessDenied</Code></Error>');
    const { file } = findFile(state, path);
    return reply.type('application/octet-stream').send(Buffer.from(`Sandbox recording ${file.file_type}\n`));
  });
}

function findFile(state: SandboxState, path: string): { recording: SandboxRecording; file: RecordingFile } {
  const found = state.recordings.findFile(path);
  if (!found) throw new ApiError(404, 3301, 'There is no recording for this meeting.');
  return found;
}

function holdsDownloadToken(
  state: SandboxState,
  request: FastifyRequest,
  recording: SandboxRecording,
): boolean {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return state.opaqueTokens.read(token, downloadBinding(recording)) !== undefined;
}

function checkOwner(state: SandboxState, request: FastifyRequest, recording: SandboxRecording): void {
  const grant = authenticate(state, request);
  const host = state.users.find(recording.host_id);
  const reach = grant.zoomUserId === '' ? 'account' : 'self';
  if (!host || !canReach({ grant, reach }, host)) throw invalidAccessToken();
}
