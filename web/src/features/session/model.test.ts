import { expect, test } from 'vitest';
import { safeNext } from './model';

test('signing in leads back to the page that was asked for', () => {
  expect(safeNext('/contacts?q=ada')).toBe('/contacts?q=ada');
});

test('signing in never leads to another site', () => {
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', undefined, '/sign-in?next=/a'])
    expect(safeNext(next)).toBe('/dashboard');
});
