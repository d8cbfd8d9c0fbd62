"""Golden vectors for nodes/statistics, from SciPy.

Run:  python statistics.py > statistics.json      (needs scipy)

Samples look like a metric over seeds: a few values near each other, some with ties, some with differences of zero.
"""
import json
import random

import numpy as np
from scipy import stats


def samples(rng):
    cases = []
    for n, shift, grid in [
        (2, 0.01, None),
        (3, 0.02, None),
        (5, 0.0, None),
        (10, 0.004, None),
        (10, 0.03, None),
        (20, 0.001, 0.01),
        (25, 0.01, None),
        (40, 0.0, 0.005),
        (60, 0.003, None),
        (120, -0.002, 0.01),
    ]:
        a, b = [], []
        for _ in range(n):
            seed = rng.gauss(0.7, 0.02)
            x, y = seed + shift + rng.gauss(0, 0.01), seed + rng.gauss(0, 0.01)
            a.append(round(x / grid) * grid if grid else x)
            b.append(round(y / grid) * grid if grid else y)
        cases.append((a, b))
    return cases


def sizes(rng):
    """Samples of unequal size and spread, for tests that do not pair."""
    return [
        ([rng.gauss(0.7, s) for _ in range(n)], [rng.gauss(0.71, t) for _ in range(m)])
        for n, m, s, t in [(2, 2, 0.01, 0.01), (3, 9, 0.02, 0.005), (10, 10, 0.01, 0.05), (30, 4, 0.01, 0.01)]
    ]


def wilcoxon(a, b):
    d = np.round(np.subtract(a, b), 12)
    left = d[d != 0]
    exact = len(left) <= 50 and len(set(np.abs(left))) == len(left)
    found = stats.wilcoxon(
        left, zero_method="wilcox", correction=not exact, method="exact" if exact else "asymptotic"
    )
    return {"statistic": float(found.statistic), "p": float(found.pvalue), "exact": bool(exact), "d": d.tolist()}


def holm(ps):
    """Step-down, from the definition: reject while p_(i) <= alpha / (m - i); the adjusted p is the smallest such alpha."""
    m = len(ps)
    adjusted = [0.0] * m
    for at, p in enumerate(ps):
        before = [q for j, q in enumerate(ps) if (q, j) <= (p, at)]
        adjusted[at] = min(1.0, max((m - i) * q for i, q in enumerate(sorted(before))))
    return adjusted


def main():
    rng = random.Random(20240612)
    out = {"paired": [], "welch": [], "holm": [], "bootstrap": []}
    for a, b in samples(rng):
        t = stats.ttest_rel(a, b)
        out["paired"].append(
            {"a": a, "b": b, "t": {"statistic": float(t.statistic), "p": float(t.pvalue)}, "wilcoxon": wilcoxon(a, b)}
        )
    for a, b in sizes(rng):
        t = stats.ttest_ind(a, b, equal_var=False)
        out["welch"].append({"a": a, "b": b, "statistic": float(t.statistic), "p": float(t.pvalue), "df": float(t.df)})
    for ps in [[0.01, 0.04, 0.03], [0.2, 0.001, 0.02, 0.02], [0.5], [0.9, 0.8, 0.7], [rng.random() ** 3 for _ in range(12)]]:
        out["holm"].append({"ps": ps, "adjusted": holm(ps)})
    for n, skew in [(12, False), (30, False), (30, True)]:
        d = [rng.expovariate(40) - 0.01 if skew else rng.gauss(0.01, 0.02) for _ in range(n)]
        for method in ["percentile", "BCa"]:
            found = stats.bootstrap(
                (d,), np.mean, n_resamples=200_000, method=method, rng=np.random.default_rng(1)
            ).confidence_interval
            out["bootstrap"].append({"d": d, "method": method.lower(), "low": float(found.low), "high": float(found.high)})
    print(json.dumps(out, separators=(",", ":")))


main()
