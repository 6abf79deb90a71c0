// Our server in front of oauth2-mock-server. It answers with an `id_token` beside the tokens, here of an issuer that our
// server does not know. A client of OAuth alone ignores it, like any other name that it does not know (RFC 6749 §5.1).
import { startMockServerZoom } from '../support/mock-server-zoom.js';
import { describeConnection } from '../support/zoom-by-others.js';

const { zoom } = describeConnection(startMockServerZoom);

test('each of its token answers had an id_token', () => {
  const { codes, refreshes } = zoom().counts;
  expect(codes).toBeGreaterThan(0);
  expect(zoom().idTokens()).toBe(codes + refreshes);
});
