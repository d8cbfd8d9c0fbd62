/** Noise for samplers, drawn on our side so that every backend sees the same. */
import type { Random } from '../../../core/numeric/index.ts';

/** Fills with standard normals (Box-Muller on 32-bit uniforms, both values of a pair): what a 32-bit float can tell apart. */
export function fillNormal(out: Float32Array, rng: Random): Float32Array {
  for (let i = 0; i < out.length; i += 2) {
    // in (0, 1], so that the logarithm is finite
    const radius = Math.sqrt(-2 * Math.log((rng.uint32() + 1) / 4294967296));
    const angle = (2 * Math.PI * rng.uint32()) / 4294967296;
    out[i] = radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}
