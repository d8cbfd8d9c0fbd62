/**
 * The arithmetic under the engine. All arguments that name memory are positions in elements; `n` counts rows. An
 * implementation reads and writes the one memory it was made for and keeps a fixed order of additions.
 */
export interface Kernels {
  fill(out: number, n: number, value: number): void;
  /** out = scale a + shift */
  affine(a: number, scale: number, shift: number, out: number, n: number): void;
  add(a: number, b: number, out: number, n: number): void;
  sub(a: number, b: number, out: number, n: number): void;
  mul(a: number, b: number, out: number, n: number): void;
  div(a: number, b: number, out: number, n: number): void;
  /** out = value / a */
  under(a: number, value: number, out: number, n: number): void;
  exp(a: number, out: number, n: number): void;
  /** out = log(a + shift) */
  log(a: number, shift: number, out: number, n: number): void;
  sigmoid(a: number, out: number, n: number): void;
  softplus(a: number, out: number, n: number): void;
  tanh(a: number, out: number, n: number): void;
  clip(a: number, low: number, high: number, out: number, n: number): void;
  /** 1 where low <= a <= high, else 0. */
  inside(a: number, low: number, high: number, out: number, n: number): void;
  /** yes where condition is not 0, no elsewhere. */
  where(condition: number, yes: number, no: number, out: number, n: number): void;
  /**
   * out[j] = sum over rows of T_j(x), j < count, for the Chebyshev polynomials T_j and x = (a - center) scale, kept within
   * [-1, 1].
   */
  chebyshevMoments(a: number, n: number, center: number, scale: number, count: number, out: number): void;
  /** out = sum over j < count of coefficients[j] T_j(x), with x as in `chebyshevMoments`. */
  chebyshevSums(
    a: number,
    n: number,
    center: number,
    scale: number,
    coefficients: number,
    count: number,
    out: number,
  ): void;
  /**
   * With q = factors[k] and s = a[r], sums over rows into values[k] = softplus(q s) and slopes[k] = s sigmoid(q s), and over
   * k < count into out[r] = weights[k] sigmoid(q s). All three are overwritten.
   */
  softplusSums(
    a: number,
    n: number,
    factors: number,
    weights: number,
    count: number,
    values: number,
    slopes: number,
    out: number,
  ): void;
  sum(a: number, n: number): number;
  max(a: number, n: number): number;

  /** out[r] = a[aIds[r]] . b[bIds[r]]; rows of both tables are `stride` floats. */
  gatherDot(a: number, aIds: number, b: number, bIds: number, stride: number, out: number, n: number): void;
  /** ga[aIds[r]] += d[r] b[bIds[r]] and gb[bIds[r]] += d[r] a[aIds[r]]; a negative position leaves a side out. */
  scatterDot(
    a: number,
    ga: number,
    aIds: number,
    b: number,
    gb: number,
    bIds: number,
    stride: number,
    d: number,
    n: number,
  ): void;
  /** out[r] = a[aIds[r] * stride] */
  gather(a: number, aIds: number, stride: number, out: number, n: number): void;
  /** ga[aIds[r] * stride] += d[r] */
  scatter(ga: number, aIds: number, stride: number, d: number, n: number): void;
  /** out[r * outStride + k] = a[ids[r] * stride + k] for k < width */
  gatherRows(a: number, ids: number, width: number, stride: number, out: number, outStride: number, n: number): void;
  /** ga[ids[r] * stride + k] += d[r * dStride + k] for k < width */
  scatterRows(ga: number, ids: number, width: number, stride: number, d: number, dStride: number, n: number): void;
  /**
   * y[r * yStride + j] = act(w[j] . x[r] + bias[j]) for j < outputs; rows of x and w are `stride` floats, act keeps what is
   * positive when `relu`; a negative position of the bias leaves it out.
   */
  dense(
    x: number,
    w: number,
    stride: number,
    bias: number,
    outputs: number,
    relu: boolean,
    y: number,
    yStride: number,
    n: number,
  ): void;
  /**
   * Backwards through `dense`: with d[r][j], 0 where relu and y[r][j] <= 0 (y negative: no relu), gx[r] = sum_j d[r][j] w[j],
   * gw[j] += d[r][j] x[r], gBias[j] += d[r][j]. gx is overwritten; negative positions of gw and gBias leave them out.
   */
  denseBack(
    x: number,
    gx: number,
    w: number,
    gw: number,
    stride: number,
    gBias: number,
    outputs: number,
    y: number,
    d: number,
    dStride: number,
    n: number,
  ): void;
  /**
   * Appends the ids that are not in `list` yet, in the order in which they first occur, and adds to `counts` how often each
   * occurs. `slots` has an element a row of the table, all 0 before the first call. @returns the length of the list, `have`
   * before
   */
  tally(ids: number, n: number, slots: number, list: number, counts: number, have: number): number;
  /** Sets the slots of the listed ids to 0 again. */
  untally(slots: number, list: number, n: number): void;
  /** c[i][j] = sum over rows of counts[r] a[ids[r]][i] b[ids[r]][j]; c is wa x strideB and is overwritten. */
  crossGram(
    a: number,
    wa: number,
    strideA: number,
    b: number,
    strideB: number,
    ids: number,
    counts: number,
    c: number,
    n: number,
  ): void;
  /** ga[ids[r]] += scale counts[r] C b[ids[r]] and gb[ids[r]] += scale counts[r] C' a[ids[r]]. */
  scatterCrossGram(
    a: number,
    ga: number,
    wa: number,
    strideA: number,
    b: number,
    gb: number,
    strideB: number,
    ids: number,
    counts: number,
    c: number,
    scale: number,
    n: number,
  ): void;
  /**
   * Sparse matrix times table, for the rows from .. from + n of the matrix: out[r] = scale (base[r] + sum over the entries of
   * row r of value x[column]), or `adds` that to out[r]. Row r has the entries starts[r] .. starts[r + 1] of `columns` and
   * `values`; a negative position of the base leaves it out. `out` may be the base, not x.
   */
  sparse(
    starts: number,
    columns: number,
    values: number,
    x: number,
    base: number,
    out: number,
    stride: number,
    scale: number,
    adds: boolean,
    from: number,
    n: number,
  ): void;
  /** The same for the rows ids[0 .. n) alone: out[ids[i]] = scale (base[ids[i]] + sum of value x[column]). */
  sparseAt(
    starts: number,
    columns: number,
    values: number,
    x: number,
    base: number,
    out: number,
    stride: number,
    scale: number,
    ids: number,
    n: number,
  ): void;
  /** The transposed product of a few rows: out[column] += scale value x[ids[i]] for every entry of row ids[i]. */
  sparseBack(
    starts: number,
    columns: number,
    values: number,
    x: number,
    out: number,
    stride: number,
    scale: number,
    ids: number,
    n: number,
  ): void;
  /** The same for the rows from .. from + n: out[column] += scale value x[r] for every entry of row r. */
  sparseBackRows(
    starts: number,
    columns: number,
    values: number,
    x: number,
    out: number,
    stride: number,
    scale: number,
    from: number,
    n: number,
  ): void;
  /** out = a; the two do not overlap. */
  copy(a: number, out: number, n: number): void;
  /** out[ids[i]] += scale a[ids[i]] */
  addRowsAt(a: number, out: number, stride: number, scale: number, ids: number, n: number): void;
  /** a[ids[i]] = 0 */
  clearRowsAt(a: number, stride: number, ids: number, n: number): void;
  /** Sum over rows and entries of counts[r] times the squared entries of a[ids[r]]. */
  sumSquaresAt(a: number, stride: number, ids: number, counts: number, n: number): number;
  /** ga[ids[r]] += scale counts[r] a[ids[r]] */
  scatterSquares(a: number, ga: number, stride: number, ids: number, counts: number, scale: number, n: number): void;
  /** Sum of a[i]^2. */
  sumSquares(a: number, n: number): number;

  /**
   * Adam as in PyTorch, over all n entries: g += l2 p; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
   * p -= rate / correction1 * m / (sqrt(v) / sqrt(correction2) + eps). Zeroes the gradient when `last`.
   */
  adam(
    p: number,
    g: number,
    m: number,
    v: number,
    n: number,
    l2: number,
    step: number,
    rootCorrection: number,
    last: boolean,
  ): void;
  /** `adam` on the rows of a list, each of which occurs once. */
  adamRows(
    p: number,
    g: number,
    m: number,
    v: number,
    stride: number,
    ids: number,
    n: number,
    l2: number,
    step: number,
    rootCorrection: number,
    last: boolean,
  ): void;
  /** g += l2 p; m = momentum m + g; p -= rate m. Zeroes the gradient when `last`. */
  sgd(p: number, g: number, m: number, n: number, l2: number, rate: number, momentum: number, last: boolean): void;

  /** What `rankDots` likes to know of the rows of n users beforehand: `sketchLength(n, stride)` floats of it. */
  sketchUsers(a: number, stride: number, n: number, out: number): void;
  /** The same of n items. */
  sketchItems(a: number, stride: number, n: number, out: number): void;
  /**
   * Merges the items from <= i < to into the lists of n users: list r holds the `top` best scores so far, best first, at
   * best[r top] with their items at bestIds[r top]. It begins as -Infinity everywhere; blocks of items must come in ascending
   * order, so that equal scores go to the lower item. The score of item i is (users[r] . items[i] + shift[i]) scale[i], the
   * product being that of `gatherDot`; a negative position leaves shift or scale out. `from` is a multiple of 8.
   *
   * Items known[k] for cursors[r] <= k < ends[r], which ascend, are left out; the cursors move, and a negative position of
   * `known` leaves nothing out. Items whose score is -Infinity are never listed.
   * @param userSketches what `sketchUsers` wrote for the n users, and room for what changes meanwhile @param itemSketches what `sketchItems` wrote for `itemCount` rows
   * @returns whether all scores that were looked at are numbers, which one that is no number always is; lists are not valid otherwise
   */
  rankDots(
    users: number,
    userSketches: number,
    stride: number,
    n: number,
    items: number,
    itemSketches: number,
    itemCount: number,
    from: number,
    to: number,
    shift: number,
    scale: number,
    known: number,
    cursors: number,
    ends: number,
    best: number,
    bestIds: number,
    top: number,
  ): boolean;
  /** As `rankDots` for scores that are there already: that of item i for user r at scores[r stride + i - from]; overwritten where left out. */
  rankScores(
    scores: number,
    stride: number,
    n: number,
    from: number,
    to: number,
    known: number,
    cursors: number,
    ends: number,
    best: number,
    bestIds: number,
    top: number,
  ): boolean;
}
/** Floats that a sketch of rows takes. */
export const sketchLength = (rows: number, stride: number): number => ((rows + 7) & ~7) * (stride / 2 + 3);
export const beta1 = 0.9;
export const beta2 = 0.999;
export const adamEps = 1e-8;
