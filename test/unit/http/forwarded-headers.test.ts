import { fastify, type FastifyBaseLogger } from 'fastify';
import { warnOfIgnoredForwarding } from '../../../src/http/forwarded-headers.js';
import { type TrustedProxies, trustOf } from '../../../src/http/trusted-peers.js';
import { recordingLogger } from '../../support/recording-logger.js';

/** Who a caller is taken for, and how often the log warned, when requests come from 127.0.0.1. */
async function callersOf(trustProxy: TrustedProxies, ...forwarded: (string | undefined)[]) {
  const { logger, lines } = recordingLogger();
  const loggerInstance: FastifyBaseLogger = logger;
  const app = fastify({ loggerInstance, trustProxy: trustOf(trustProxy) });
  warnOfIgnoredForwarding(app);
  app.get('/', { logLevel: 'warn' }, (request) => request.ip);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const callers: string[] = [];
  for (const value of forwarded) {
    const headers = { connection: 'close', ...(value !== undefined && { 'x-forwarded-for': value }) };
    callers.push(await (await fetch(url, { headers })).text());
  }
  await app.close();
  return { callers, warnings: lines.filter(({ msg }) => String(msg).includes('TRUST_PROXY')).length };
}

const CHAIN = '6.6.6.6, 198.51.100.7';

test.each<[TrustedProxies, string, number]>([
  [false, '127.0.0.1', 1],
  [1, '198.51.100.7', 0],
  [2, '6.6.6.6', 0],
  [['loopback'], '198.51.100.7', 0],
  [['127.0.0.1', '198.51.100.0/24'], '6.6.6.6', 0],
  [['10.0.0.0/8'], '127.0.0.1', 1],
  [true, '6.6.6.6', 0],
])('with %j the caller is %s, and the log warns %i times', async (trustProxy, caller, warnings) => {
  expect(await callersOf(trustProxy, CHAIN, CHAIN, CHAIN)).toEqual({
    callers: [caller, caller, caller],
    warnings,
  });
});

test.each<TrustedProxies>([false, 1, ['10.0.0.0/8']])(
  'with %j a request without the header is no warning',
  async (trustProxy) => {
    expect(await callersOf(trustProxy, undefined)).toEqual({ callers: ['127.0.0.1'], warnings: 0 });
  },
);
