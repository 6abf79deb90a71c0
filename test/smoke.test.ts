import { systemClock } from '../src/clock';
import { base64url } from 'jose';
test('x', () => {
  expect(systemClock()).toBeInstanceOf(Date);
  expect(base64url.encode('a')).toBe('YQ');
});
