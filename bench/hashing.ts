/** The logical hash of a table beside bare SHA-256 over the same bytes, in turn. */
import { createHash } from 'node:crypto';
import { frameOf } from '../core/numeric/frame.ts';
import { columnHashes } from '../core/numeric/hash.ts';
import { randomOf } from '../core/numeric/random.ts';
import { benchmark, fastest, format } from './figures.ts';

const rows = 2_000_000;

export const hashing = () =>
  benchmark('hashing', async ({ line, aim }) => {
    const random = randomOf('bench');
    const user = Uint32Array.from({ length: rows }, () => random.uint32());
    const item = Uint32Array.from({ length: rows }, () => random.uint32());
    const rating = Float32Array.from({ length: rows }, () => random.uniform());
    const time = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i));
    const arrays = [user, item, rating, time];
    const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0);
    const frame = frameOf({ user, item, rating, time });
    let table = Number.POSITIVE_INFINITY;
    let bare = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      table = Math.min(table, await fastest(2, () => columnHashes(frame)));
      bare = Math.min(
        bare,
        await fastest(2, () => {
          for (const { buffer } of arrays) createHash('sha256').update(new Uint8Array(buffer)).digest();
        }),
      );
    }
    line(
      `${rows} rows of u32, u32, f32, i64 (${format(bytes / 1e6)} MB): table hash ${format(bytes / table / 1e6)} GB/s, SHA-256 ${format(bytes / bare / 1e6)} GB/s`,
    );
    aim('table hash / bare SHA-256', bare / table, 0.8, 'of its speed', 'higher');
  });
