import { meetingKey } from '../../../../src/zoom/meetings/meeting-key.js';

test.each([
  ['a number', '85746065432', '85746065432'],
  ['a UUID', 'aBc4dEf5gHi6jKl7mNo8pQ==', 'aBc4dEf5gHi6jKl7mNo8pQ%3D%3D'],
  ['a UUID with a slash within', 'aBc4dEf/gHi6jKl7mNo8pQ==', 'aBc4dEf%2FgHi6jKl7mNo8pQ%3D%3D'],
  ['a UUID that begins with a slash', '/ajXp112QmuoKj4854875Q==', '%252FajXp112QmuoKj4854875Q%253D%253D'],
  ['a UUID with a double slash', 'ajXp11//QmuoKj4854875+==', 'ajXp11%252F%252FQmuoKj4854875%252B%253D%253D'],
])('%s is encoded as Zoom wants it', (_what, id, key) => {
  expect(meetingKey(id, 'id')).toBe(key);
});

test.each([[''], ['..'], ['12345678'], ['1/../users/me'], ['abc'], ['85746065432 '], ['85746065432?a=b']])(
  '%p is refused, naming the argument',
  (id) => {
    expect(() => meetingKey(id, 'meetingId')).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'meetingId' } }),
    );
  },
);
