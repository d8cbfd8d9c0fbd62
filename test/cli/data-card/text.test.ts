import { expect, test } from 'vitest';
import { bar } from '../../../cli/data-card/bar.ts';
import { cardText } from '../../../cli/data-card/text.ts';
import type { Card } from '../../../nodes/reports/card-schema.ts';

test('a bar is as wide as it may be, and shows even the smallest share', () => {
  expect(bar(1, 4)).toBe('████');
  expect(bar(0.5, 4)).toBe('██  ');
  expect(bar(0.3125, 2)).toBe('▋ ');
  expect(bar(1e-9, 4)).toBe('▏   ');
  expect(bar(0, 4)).toBe('    ');
});

const empty = { users: null, items: null, usersAtRandom: null, itemsAtRandom: null };
const card: Card = {
  users: 0,
  items: 0,
  roles: [
    {
      role: 'train',
      rows: 0,
      users: 0,
      items: 0,
      density: null,
      sparsity: null,
      mean: null,
      perUser: null,
      perItem: null,
      gini: empty,
      ratings: [],
    },
  ],
  contrast: null,
  findings: ['a finding whose words go on and on '.repeat(6).trim()],
};

test('a data set without rows has dashes for what cannot be known', () => {
  const text = cardText({ dataset: 'none', protocol: 'p', doc: undefined }, card);
  expect(text).toContain('none: 0 users, 0 items, 0 pairs');
  expect(text.split('\n').find((line) => line.startsWith('train'))).toMatch(/–.*–.*–/);
});

test('findings are wrapped, with their further lines indented', () => {
  const text = cardText({ dataset: 'none', protocol: 'p', doc: undefined }, card, 60);
  const from = text.split('\n').findIndex((line) => line.startsWith('* '));
  const lines = text.split('\n').slice(from);
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}\S/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});
