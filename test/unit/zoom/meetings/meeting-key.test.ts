import { checkOccurrenceId, meetingIdOf, meetingKey } from '../../../../src/zoom/meetings/meeting-key.js';

test.each([
  ['a number', '85746065432', '85746065432'],
  ['a UUID', 'aBc4dEf5gHi6jKl7mNo8pQ==', 'aBc4dEf5gHi6jKl7mNo8pQ%3D%3D'],
  ['a UUID with a slash within', 'aBc4dEf/gHi6jKl7mNo8pQ==', 'aBc4dEf%2FgHi6jKl7mNo8pQ%3D%3D'],
  ['a UUID that begins with a slash', '/ajXp112QmuoKj4854875Q==', '%252FajXp112QmuoKj4854875Q%253D%253D'],
  ['a UUID with a double slash', 'ajXp11//QmuoKj4854875+==', 'ajXp11%252F%252FQmuoKj4854875%252B%253D%253D'],
])('%s is encoded as Zoom wants it', (_what, id, key) => {
  expect(meetingKey(id, 'id')).toBe(key);
});

test.each([
  [''],
  ['..'],
  ['12345678'],
  ['1/../users/me'],
  ['abc'],
  ['8574606543'.repeat(2)],
  ['12-34'],
  ['857_4606_5432'],
  ['85746065432?a=b'],
])('%p is refused, naming the argument', (id) => {
  expect(() => meetingKey(id, 'meetingId')).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'meetingId' } }),
  );
});

test.each([
  ['spaces', '860 0000 0001'],
  ['dashes', '860-0000-0001'],
  ['spaces around it', '  86000000001\n'],
  ['spaces that do not break', '860\u00a00000\u00a00001'],
  ['narrow spaces', '860\u202f0000\u20090001'],
  ['dashes that do not break', '860\u20110000\u20130001'],
  ['invisible marks', '\u200e86000000001\u200b\ufeff'],
])('a number with %s is the same number', (_what, id) => {
  expect(meetingIdOf(id)).toBe('86000000001');
  expect(meetingKey(id, 'id')).toBe('86000000001');
});

test.each([
  ['a UUID', ' aBc4dEf5gHi6jKl7mNo8pQ== ', 'aBc4dEf5gHi6jKl7mNo8pQ=='],
  ['the id of a Google Meet space', 'spaces/a-b 1', 'spaces/a-b 1'],
  ['digits that are no meeting number', '123-45', '123-45'],
])('%s keeps its characters', (_what, id, expected) => {
  expect(meetingIdOf(id)).toBe(expected);
});

test.each([undefined, '1', '1789012345678', '9'.repeat(20)])('%p can be the id of a date', (id) => {
  expect(() => {
    checkOccurrenceId(id, 'input.occurrenceId');
  }).not.toThrow();
});

test.each(['', ' ', 'x', '1 ', '-1', '1.5', '\u0661', '../../x&y=1', '9'.repeat(21)])(
  '%p is refused as the id of a date',
  (id) => {
    expect(() => {
      checkOccurrenceId(id, 'input.occurrenceId');
    }).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'input.occurrenceId' } }),
    );
  },
);
