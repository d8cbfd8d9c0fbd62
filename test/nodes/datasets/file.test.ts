import { Int64, Table, TimestampMillisecond, tableToIPC, Uint64, Utf8, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../../core/numeric/frame.ts';
import { writeParquet } from '../../../storage/export/parquet.ts';
import { file, problem, read } from './file-bed.ts';

const csv = (...lines: string[]) => file(`${lines.join('\n')}\n`);
const ratings = (...lines: string[]) => csv('user,item,rating', ...lines);

describe('a file of ratings', () => {
  test('becomes dense ids in the order of first appearance, and tables that lead back', async () => {
    const { train, shape, users, items, rows } = await read(ratings('zoe,b,5', 'adam,b,1', 'zoe,a,3.5'));
    expect([...train.user]).toEqual([0, 1, 0]);
    expect([...train.item]).toEqual([0, 0, 1]);
    expect(users).toEqual(['zoe', 'adam']);
    expect(items).toEqual(['b', 'a']);
    expect(shape).toEqual({ users: 2, items: 2 });
    expect(rows).toEqual([
      ['zoe', 'b', 5],
      ['adam', 'b', 1],
      ['zoe', 'a', 3.5],
    ]);
  });
  test('of any ids comes back as it was', async () => {
    const id = fc
      .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
      .filter((text) => text.trim() === text && !/[\0\r\n]/.test(text));
    const row = fc.tuple(id, id, fc.integer({ min: -9, max: 9 }));
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { minLength: 1, maxLength: 12, selector: ([u, i]) => JSON.stringify([u, i]) }),
        async (rows) => {
          const found = await read(ratings(...rows.map(([u, i, r]) => `${quote(u)},${quote(i)},${r}`)));
          expect(found.rows).toEqual(rows);
        },
      ),
      { numRuns: 25 },
    );
  });
  test('with ids beyond 2^53 keeps every digit in every format', async () => {
    const ids = ['9007199254740993', '9007199254740992', '9007199254740994'];
    const item = ['i', 'i', 'i'];
    const arrow = tableToIPC(
      new Table({
        user: vectorFromArray(ids.map(BigInt), new Uint64()),
        item: vectorFromArray(item, new Utf8()),
        rating: vectorFromArray([1, 2, 3]),
      }),
    );
    const parquet = file('', 'big.parquet');
    await writeParquet(
      frameOf({ user: BigInt64Array.from(ids, BigInt), item, rating: Float32Array.of(1, 2, 3) }),
      parquet,
    );
    const found = [
      await read(ratings(...ids.map((id, n) => `${id},i,${n + 1}`))),
      await read(file(ids.map((id, n) => `{"user": ${id}, "item": "i", "rating": ${n + 1}}`).join('\n')), {
        format: 'jsonl',
      }),
      await read(file(arrow), { format: 'arrow' }),
      await read(parquet, { format: 'parquet' }),
    ];
    for (const { users, rows } of found) {
      expect(users).toEqual(ids);
      expect(rows.map(([, , rating]) => rating)).toEqual([1, 2, 3]);
    }
  });
  test('takes 7, 07 and 7.0 for three ids, and drops white space around a value', async () => {
    expect((await read(ratings('7,i,1', '07,i,1', '7.0,i,1', ' 7 ,j, 1 '))).users).toEqual(['7', '07', '7.0']);
  });
  test('as Parquet written from floats takes whole floats for whole numbers', async () => {
    const path = file('', 'floats.parquet');
    await writeParquet(
      frameOf({ user: Float64Array.of(1, 2), item: Float64Array.of(3, 3), rating: Float64Array.of(4.5, 1) }),
      path,
    );
    expect((await read(path, { format: 'parquet' })).users).toEqual(['1', '2']);
    const half = file('', 'half.parquet');
    await writeParquet(frameOf({ user: Float64Array.of(1.5), item: ['a'], rating: Float64Array.of(1) }), half);
    await expect(read(half, { format: 'parquet' })).rejects.toThrow('row 1 has no user');
  });
  test('shares its ids with the other files of a card', async () => {
    const { users, items, testRows, shape } = await read({
      train: ratings('a,x,1', 'b,y,2'),
      test: ratings('c,x,3', 'a,z,4'),
    });
    expect(users).toEqual(['a', 'b', 'c']);
    expect(items).toEqual(['x', 'y', 'z']);
    expect(shape).toEqual({ users: 3, items: 3 });
    expect(testRows).toEqual([
      ['c', 'x', 3],
      ['a', 'z', 4],
    ]);
  });
  test('may have Windows line ends, a byte order mark, blank lines and quoted values', async () => {
    const path = file('\uFEFFuser,item,rating\r\n"a, b","say ""x""",5\r\n\r\nc,d,1\r\n');
    expect((await read(path)).rows).toEqual([
      ['a, b', 'say "x"', 5],
      ['c', 'd', 1],
    ]);
  });
});

describe('columns', () => {
  test.each([
    ['userId,movieId,rating,timestamp', ['userId', 'movieId', 'rating', 'timestamp']],
    ['ts,stars,customer_id,sku', ['customer_id', 'sku', 'stars', 'ts']],
    ['User ID,Item-ID,Score', ['User ID', 'Item-ID', 'Score']],
    ['item_id,user_id,label,age', ['user_id', 'item_id', 'label']],
  ])('called %s are found by their usual names', async (header, [user, item, rating, time]) => {
    const { infos } = await read(
      csv(
        header,
        header
          .split(',')
          .map((_, n) => n + 1)
          .join(','),
      ),
    );
    expect(infos.join('\n')).toContain(
      `user: ${user}, item: ${item}, rating: ${rating}${time === undefined ? '' : `, time: ${time}`}`,
    );
  });
  test('that nobody could guess are named, by name or by number', async () => {
    const path = csv('who,what,how', 'a,b,5');
    expect(await problem(read(path))).toMatchObject({
      code: 'bad-data',
      message: 'no column looks like users',
      where: `test.datasets/file: ${path}`,
      hint: expect.stringContaining("the file's columns are who, what, how"),
    });
    const columns = { user: 'who', item: 2, rating: 'how' };
    expect((await read(path, { source: { columns } })).rows).toEqual([['a', 'b', 5]]);
  });
  test('that are named and not there are refused with those that are', async () => {
    const found = await problem(read(ratings('a,b,1'), { source: { columns: { user: 'usr' } } }));
    expect(found).toMatchObject({
      message: "there is no column 'usr'",
      hint: "the file's columns are user, item, rating",
    });
    await expect(read(ratings('a,b,1'), { source: { columns: { item: 9 } } })).rejects.toThrow(
      'there is no column number 9',
    );
  });
  test('of a file without a header stand in the order user, item, rating, time', async () => {
    const path = file('196\t242\t3\t881250949\n186\t302\t3\t891717742\n');
    const { rows, train } = await read(path, { format: 'tsv', source: { header: false } });
    expect(rows).toEqual([
      ['196', '242', 3],
      ['186', '302', 3],
    ]);
    expect(train.time?.[0]).toBe(881250949n);
    expect((await problem(read(path, { format: 'tsv' }))).hint).toContain('header: false');
  });
  test('divided by something else are told from their header', async () => {
    const path = csv('user;item;rating', 'a;b;3');
    expect((await problem(read(path))).hint).toContain('delimiter: ";"');
    expect((await read(path, { source: { delimiter: ';' } })).rows).toEqual([['a', 'b', 3]]);
  });
  test('of ratings may be absent only in implicit feedback, where each rating is 1', async () => {
    const path = csv('user,item', 'a,x', 'b,x');
    expect(await problem(read(path))).toMatchObject({
      message: 'no column looks like ratings',
      hint: expect.stringContaining('feedback: implicit'),
    });
    expect((await read(path, { settings: { feedback: 'implicit' } })).rows).toEqual([
      ['a', 'x', 1],
      ['b', 'x', 1],
    ]);
  });
  test('of lists and structs are refused by type', async () => {
    const lines = file('{"user": "a", "item": ["x"], "rating": 1}\n');
    await expect(read(lines, { format: 'jsonl' })).rejects.toThrow('row 1 has no item');
  });
});

describe('times', () => {
  const times = async (...values: string[]) => {
    const { train } = await read(csv('user,item,rating,time', ...values.map((value, n) => `u,${n},1,${value}`)));
    return [...(train.time ?? [])];
  };
  test('that are whole numbers stay as they are, whatever their unit', async () => {
    expect(await times('881250949', '1700000000123', '9007199254740993', '-5', '12.0', '1e3')).toEqual([
      881250949n,
      1700000000123n,
      9007199254740993n,
      -5n,
      12n,
      1000n,
    ]);
  });
  test('that are dates become microseconds since 1970, in UTC where they name no zone', async () => {
    expect(await times('1970-01-02', '1970-01-01 00:00:01.5', '1970-01-01T02:00:00+02:00')).toEqual([
      86_400_000_000n,
      1_500_000n,
      0n,
    ]);
    const arrow = tableToIPC(
      new Table({
        user: vectorFromArray(['a'], new Utf8()),
        item: vectorFromArray([1n], new Int64()),
        rating: vectorFromArray([2]),
        ts: vectorFromArray([new Date(1500)], new TimestampMillisecond()),
      }),
    );
    expect((await read(file(arrow), { format: 'arrow' })).train.time).toEqual(BigInt64Array.of(1_500_000n));
  });
  test('that mean nothing make a row unusable, and can be left unread', async () => {
    const path = csv('user,item,rating,time', 'a,x,1,yesterday', 'a,y,1,');
    await expect(read(path)).rejects.toThrow(
      "row 1 has the time 'yesterday', which is no whole number, date or timestamp; row 2 has no time",
    );
    expect((await read(path, { source: { columns: { time: false } } })).train.time).toBeUndefined();
  });
});

describe('rows that cannot be used', () => {
  test('because the line has too few or too many columns are refused with their lines', async () => {
    const path = ratings('a,x,1', 'b,2', 'c,x,1,7', 'd,x,2');
    expect(await problem(read(path))).toMatchObject({
      code: 'bad-data',
      where: `test.datasets/file: ${path}`,
      message:
        '2 rows of the file cannot be used: line 3 has too few columns: b,2; line 4 has too many columns: c,x,1,7',
      hint: expect.stringContaining('--set data.raw.badRows=drop'),
    });
  });
  test('for want of a user, an item or a finite rating are refused with row numbers, a few of many', async () => {
    const path = ratings('a,x,1', ',x,1', 'b,,1', 'c,x,', 'd,x,abc', 'e,x,NaN', 'f,x,-inf', 'g,x,1e99', 'h,x,1_0');
    expect((await problem(read(path))).message).toBe(
      "8 rows of the file cannot be used: row 2 has no user; row 3 has no item; row 4 has no rating; row 5 has the rating 'abc', which is no number; row 6 has the rating 'NaN', which is not finite; and 3 more",
    );
  });
  test('are left out on request, and counted by kind', async () => {
    const path = ratings('a,x,1', 'b,2', ',x,1', 'd,x,abc', 'e,x,NaN', 'f,x,inf');
    const { rows, warnings, users } = await read(path, { settings: { badRows: 'drop' } });
    expect(rows).toEqual([['a', 'x', 1]]);
    expect(users).toEqual(['a']);
    expect(warnings).toEqual([
      `${path}: left out 5 of 6 rows: 1 cannot be read, 2 with a rating that is not finite, 1 with a rating that is no number, 1 without a user`,
    ]);
  });
  test('because the rating is out of the range that was given are refused', async () => {
    const path = ratings('a,x,1', 'a,y,6', 'a,z,-1');
    await expect(read(path, { settings: { range: [1, 5] } })).rejects.toThrow(
      '2 rows of the file cannot be used: row 2 has the rating 6, which is out of range; row 3 has the rating -1, which is out of range',
    );
    expect((await read(path)).rows).toHaveLength(3);
  });
  test('because they are no JSON object are refused with their rows', async () => {
    const path = file('{"user": "a", "item": "x", "rating": 1}\nnot json\n[1, 2]\n');
    await expect(read(path, { format: 'jsonl' })).rejects.toThrow('row 2 is no JSON object; row 3 is no JSON object');
    expect((await read(path, { format: 'jsonl', settings: { badRows: 'drop' } })).rows).toHaveLength(1);
  });
  test('because a quote does not end where its value ends are refused with their line', async () => {
    await expect(read(ratings('a,x,1', '"a"b,c,1', 'd,e,2'))).rejects.toThrow(
      'line 3 has a quote that does not end where the value ends',
    );
    await expect(read(ratings('a,x,1', '"a,c,1', 'd,e,2'))).rejects.toThrow('line 3 has a quote that does not end');
    expect((await read(ratings('d,e"f,2'))).rows).toEqual([['d', 'e"f', 2]]);
  });
  test('because their bytes are not UTF-8 are refused with their line', async () => {
    const path = file(
      Buffer.concat([Buffer.from('user,item,rating\na,x,1\n'), Buffer.from([0xff, 0xfe]), Buffer.from(',y,2\n')]),
    );
    await expect(read(path)).rejects.toThrow('line 3 is not UTF-8');
  });
  test('when nothing else is there leave nothing to learn from', async () => {
    await expect(read(ratings('a,x,?'), { settings: { badRows: 'drop' } })).rejects.toThrow(
      'no row of the file can be used',
    );
  });
});

describe('a pair that comes twice', () => {
  const twice = () => ratings('a,x,1', 'b,x,2', 'a,x,3', 'a,y,4');
  test('keeps its last row, at the place of that row, and says how many were dropped', async () => {
    const { rows, warnings } = await read(twice());
    expect(rows).toEqual([
      ['b', 'x', 2],
      ['a', 'x', 3],
      ['a', 'y', 4],
    ]);
    expect(warnings[0]).toContain('a row repeats a pair of user and item; the last of each in the file is kept');
  });
  test('keeps its first row where that is wanted', async () => {
    expect((await read(twice(), { settings: { duplicates: 'first' } })).rows[0]).toEqual(['a', 'x', 1]);
  });
  test('keeps its latest row where there are times', async () => {
    const path = csv('user,item,rating,time', 'a,x,1,30', 'a,x,2,10', 'a,x,3,20');
    expect((await read(path)).rows).toEqual([['a', 'x', 1]]);
    expect((await read(path, { settings: { duplicates: 'first' } })).rows).toEqual([['a', 'x', 2]]);
  });
  test('is refused where that is wanted, with its rows', async () => {
    await expect(read(twice(), { settings: { duplicates: 'refuse' } })).rejects.toThrow(
      'a row repeats a pair of user and item: a and x in rows [1, 3]',
    );
  });
});

describe('a file', () => {
  test('that is empty, or names columns and ends, is refused', async () => {
    await expect(read(file(''))).rejects.toThrow('the file is empty');
    await expect(read(csv('user,item,rating'))).rejects.toThrow('the file has no rows');
  });
  test.each([
    "it's; drop table users --.csv",
    'a*[b]?.csv',
    'folder [1] **/x[!y].csv',
    'x{1,2}.csv',
    'user=5/ratings.csv',
    '"quoted".csv',
    '$path.csv',
  ])('called %s is data and nothing else', async (name) => {
    const path = file('user,item,rating\na,x,1\n', name);
    // what a pattern would match as well
    file(
      'user,item,rating\nother,x,1\n',
      name.replace('*', 'zz').replace('[b]', 'b').replace('?', '1').replace(' [1] *', '1z').replace('[!y]', 'x'),
    );
    file('user,item,rating\na,x,1\n', name);
    const { rows } = await read(path);
    expect(rows).toEqual([['a', 'x', 1]]);
  });
  test('whose columns look like SQL is data and nothing else', async () => {
    const header = `"user"") from x; drop table y; --",item,rating`;
    const columns = { user: 'user") from x; drop table y; --' };
    expect((await read(csv(header, 'a,x,1'), { source: { columns } })).rows).toEqual([['a', 'x', 1]]);
  });
  test('of another format than its ending says is refused', async () => {
    await expect(read(ratings('a,x,1'), { format: 'parquet' })).rejects.toThrow(
      'this is no Parquet file, or a damaged one',
    );
    await expect(read(ratings('a,x,1'), { format: 'arrow' })).rejects.toMatchObject({ code: 'bad-data' });
    await expect(read(ratings('a,x,1'), { format: 'jsonl' })).rejects.toThrow('no line is a JSON object');
    await expect(read(file(Buffer.from('user,item,rating\na,b,1\n', 'utf16le')))).rejects.toThrow(
      'the file is no text in UTF-8',
    );
  });
});
