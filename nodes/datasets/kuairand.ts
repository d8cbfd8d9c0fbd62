import { Files, Log, node, Problem } from '../../core/index.ts';
import { Features, Ids, Ratings, Shape } from '../ports.ts';
import { eachRow, headerOf } from './delimited-columns.ts';

/** What is left of KuaiRand-Pure once rare users and videos are dropped, as Deng et al. 2024 print it. */
export const kuairandCounts = { users: 23_533, items: 6_712 };
const folder = 'kuairand';
const logs = {
  early: `${folder}/log_standard_4_08_to_4_21_pure.csv`,
  late: `${folder}/log_standard_4_22_to_5_08_pure.csv`,
  random: `${folder}/log_random_4_22_to_5_08_pure.csv`,
} as const;
const features = `${folder}/user_features_pure.csv`;
/** Rows that a user needs, and then a video. */
const least = 10;
/** Columns of the user features that are no categories, or that the published preparation leaves out. */
const left = new Set([
  'user_id',
  'is_lowactive_period',
  'follow_user_num',
  'fans_user_num',
  'friend_user_num',
  'register_days',
  'onehot_feat3',
  'onehot_feat5',
  'onehot_feat7',
  'onehot_feat8',
]);

/**
 * KuaiRand-Pure: clicks on videos. `log` is what the platform's standard feed showed, `uniform` what it inserted at random; the
 * rating is 1 for a click and 0 otherwise. Users with ten rows of the standard logs are kept, then videos with ten rows among
 * these, and of the random log the rows whose user and video are left. Of a pair that occurs twice the first row is kept. Ids
 * are dense by ascending external id, which `userIds` and `itemIds` hold; rows keep the order of the files.
 * `users` are one-hot features: every categorical column without a missing value, its levels ascending, column by column.
 *
 * @throws Problem bad-data for lines that are no clicks, and for a user without a line of features
 */
export const kuairand = node('datasets/kuairand', {
  doc: 'KuaiRand-Pure: clicks of users on videos that a feed chose, and on videos that were inserted at random.',
  source: 'Gao et al. 2022 (CIKM); preparation as in the code of Zhang et al. 2023 (KDD)',
  in: {},
  out: { log: Ratings, uniform: Ratings, shape: Shape, users: Features, userIds: Ids, itemIds: Ids, userFeatures: Ids },
  use: { files: Files, log: Log },
  reads: () => [...Object.entries(logs).map(([name, path]) => ({ name, path })), { name: 'features', path: features }],
  run(_, __, { files, log: say }) {
    const clicks = (names: readonly (keyof typeof logs)[]): Clicks => {
      const found: Clicks = { user: [], item: [], click: [] };
      for (const name of names)
        eachRow(files.bytes(name), logs[name], ['user_id', 'video_id', 'is_click'], ([user, item, click], line) => {
          const row = [Number(user), Number(item), Number(click)] as const;
          if (!row.every((x) => Number.isInteger(x) && x >= 0) || row[2] > 1)
            throw new Problem('bad-data', `'${user},${item},${click}' is no user, video and click`, {
              where: `${logs[name]}, line ${line}`,
            });
          found.user.push(row[0]);
          found.item.push(row[1]);
          found.click.push(row[2]);
        });
      return found;
    };
    const standard = clicks(['early', 'late']);
    const users = frequent(standard.user);
    const items = frequent(standard.item.filter((_i, n) => users.has(standard.user[n] as number)));
    const denseUser = dense(users);
    const denseItem = dense(items);
    const log = kept(standard, denseUser, denseItem);
    const uniform = kept(clicks(['random']), denseUser, denseItem);
    say.info('KuaiRand-Pure without rare users and videos', {
      users: users.size,
      items: items.size,
      log: log.user.length,
      uniform: uniform.user.length,
      expected: kuairandCounts,
    });
    const ids = (of: ReadonlyMap<number, number>) => ({ id: [...of.keys()].map(String) });
    return {
      log,
      uniform,
      shape: { users: users.size, items: items.size },
      userIds: ids(denseUser),
      itemIds: ids(denseItem),
      ...userFeatures(files.bytes('features'), denseUser),
    };
  },
});

interface Clicks {
  readonly user: number[];
  readonly item: number[];
  readonly click: number[];
}

/** Ids that occur at least ten times. */
function frequent(ids: readonly number[]): ReadonlySet<number> {
  const count = new Map<number, number>();
  for (const id of ids) count.set(id, (count.get(id) ?? 0) + 1);
  return new Set([...count].flatMap(([id, n]) => (n >= least ? [id] : [])));
}
const dense = (ids: ReadonlySet<number>): ReadonlyMap<number, number> =>
  new Map([...ids].sort((a, b) => a - b).map((id, n) => [id, n]));

function kept(rows: Clicks, users: ReadonlyMap<number, number>, items: ReadonlyMap<number, number>) {
  const seen = new Set<number>();
  const at = rows.user.flatMap((id, n) => {
    const [user, item] = [users.get(id), items.get(rows.item[n] as number)];
    if (user === undefined || item === undefined || seen.has(user * items.size + item)) return [];
    seen.add(user * items.size + item);
    return [{ user, item, click: rows.click[n] as number }];
  });
  return {
    user: Uint32Array.from(at, ({ user }) => user),
    item: Uint32Array.from(at, ({ item }) => item),
    rating: Float32Array.from(at, ({ click }) => click),
  };
}

function userFeatures(bytes: Uint8Array, users: ReadonlyMap<number, number>) {
  const names = headerOf(bytes).filter((name) => !left.has(name));
  const cells = names.map((): string[] => []);
  eachRow(bytes, features, ['user_id', ...names], ([id, ...rest]) => {
    const user = users.get(Number(id));
    if (user === undefined) return;
    rest.forEach((cell, column) => {
      // -124 says that nothing is known of a streamer
      (cells[column] as string[])[user] = names[column] === 'is_live_streamer' && cell === '-124' ? '0' : cell;
    });
  });
  const first = cells[0]?.length ?? 0;
  if (first !== users.size || cells[0]?.includes(undefined as never))
    throw new Problem('bad-data', `features are known of ${first} users, and ${users.size} are left`, {
      where: features,
    });
  const row: number[] = [];
  const feature: number[] = [];
  const id: string[] = [];
  names.forEach((name, column) => {
    const values = cells[column] as string[];
    if (values.some((cell) => cell === '')) return;
    const known = [...new Set(values)].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0));
    const level = new Map(known.map((value, n) => [value, id.length + n]));
    values.forEach((value, user) => {
      row.push(user);
      feature.push(level.get(value) as number);
    });
    for (const value of known) id.push(`${name}:${value}`);
  });
  return {
    users: {
      row: Uint32Array.from(row),
      feature: Uint32Array.from(feature),
      value: new Float32Array(row.length).fill(1),
    },
    userFeatures: { id },
  };
}
