import { allowInsecureRequests, type HttpRequestOptions } from 'oauth4webapi';
import { sendRequest } from '../../../src/oauth/send-request.js';

test.each([
  ['https://zoom.us', false],
  ['https://proxy.example/http:', false],
  ['http://127.0.0.1:4000', true],
])('a request to %s may go without TLS: %s', async (baseUrl, insecure) => {
  let given: HttpRequestOptions<'POST', URLSearchParams> | undefined;
  await sendRequest(
    { baseUrl, timeoutMs: 1_000, fetch: () => Promise.reject(new Error('unused')) },
    (options) => {
      given = options;
      return Promise.resolve(new Response());
    },
  );
  expect(given?.[allowInsecureRequests]).toBe(insecure);
});
