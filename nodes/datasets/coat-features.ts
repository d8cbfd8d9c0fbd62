import { Files, node, Problem } from '../../core/index.ts';
import { Features, Ids } from '../ports.ts';

const folder = 'coat/user_item_features';

/**
 * The one-hot features of Coat in coordinate form: `row` is the user or the item, `feature` the column of the file. Names
 * of the features are tables whose row n names feature n.
 */
export const coatFeatures = node('datasets/coat-features', {
  doc: 'Features of users (14: gender, age, location, interest) and of coats (33: gender, type, colour, front page).',
  source: 'Schnabel et al. 2016 (ICML)',
  in: {},
  out: { users: Features, items: Features, userFeatures: Ids, itemFeatures: Ids },
  use: { files: Files },
  reads: () => [
    {
      name: 'users',
      path: `${folder}/user_features.ascii`,
      sha256: 'd8f9531b601c54a7272602f8b21fa6cb4652cbf122e35d8615ea9645ebbf1b1f',
    },
    {
      name: 'items',
      path: `${folder}/item_features.ascii`,
      sha256: 'edea8217ec5606779b4d3bf819f7591dc63bcd5194d619e8048c2322d07630b1',
    },
    {
      name: 'user-names',
      path: `${folder}/user_features_map.txt`,
      sha256: '3b8c825ad4445d4a46a400629c5fb43c805ff5a7982b2e436b69e7262c8a013a',
    },
    {
      name: 'item-names',
      path: `${folder}/item_features_map.txt`,
      sha256: '2675dfaa38b89a9cbb1997f0cfcd46ed7e0e366dc515d12d95508d1f356e5d25',
    },
  ],
  run: (_, __, { files }) => ({
    users: nonZeros(files.text('users'), 290, 14, 'user_features.ascii'),
    items: nonZeros(files.text('items'), 300, 33, 'item_features.ascii'),
    userFeatures: { id: lines(files.text('user-names'), 14, 'user_features_map.txt') },
    itemFeatures: { id: lines(files.text('item-names'), 33, 'item_features_map.txt') },
  }),
});

function nonZeros(text: string, rows: number, columns: number, name: string) {
  const given = text.trimEnd().split('\n');
  if (given.length !== rows) throw unlike(`${given.length} lines, and Coat has ${rows}`, name);
  const row: number[] = [];
  const feature: number[] = [];
  const value: number[] = [];
  for (const [at, line] of given.entries()) {
    const words = line.trim().split(/\s+/);
    if (words.length !== columns)
      throw unlike(`${words.length} columns in line ${at + 1}, and Coat has ${columns}`, name);
    for (const [column, word] of words.entries()) {
      if (!Number.isFinite(Number(word))) throw unlike(`'${word}' in line ${at + 1}, which is no number`, name);
      if (Number(word) === 0) continue;
      row.push(at);
      feature.push(column);
      value.push(Number(word));
    }
  }
  return { row: Uint32Array.from(row), feature: Uint32Array.from(feature), value: Float32Array.from(value) };
}

function lines(text: string, count: number, name: string): readonly string[] {
  const given = text.trimEnd().split(/\r?\n/);
  if (given.length !== count) throw unlike(`${given.length} lines, and Coat has ${count}`, name);
  return given;
}

const unlike = (what: string, name: string) =>
  new Problem('bad-data', `${name} holds ${what}`, { where: `${folder}/${name}` });
