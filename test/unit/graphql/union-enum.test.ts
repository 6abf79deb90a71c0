import 'reflect-metadata';
import { unionEnum } from '../../../src/graphql/types/union-enum.js';

test('names the members as GraphQL does, and keeps their values', () => {
  const sizes = unionEnum<'small' | 'very.large' | 'MIXED_UP'>('Size', 'How large it is.', {
    small: 'Small.',
    'very.large': 'Large.',
    MIXED_UP: 'Either.',
  });
  const large: 'very.large' = sizes.VERY_LARGE;
  expect(large).toBe('very.large');
  expect(sizes).toEqual({ SMALL: 'small', VERY_LARGE: 'very.large', MIXED_UP: 'MIXED_UP' });
});

test('the compiler refuses a member without a description', () => {
  // @ts-expect-error LARGE is missing
  unionEnum<'SMALL' | 'LARGE'>('Incomplete', 'How large it is.', { SMALL: 'Small.' });
});

test('the compiler refuses a description without a member', () => {
  // @ts-expect-error LARGE is not a member
  unionEnum<'SMALL'>('Excessive', 'How large it is.', { SMALL: 'Small.', LARGE: 'Large.' });
});
