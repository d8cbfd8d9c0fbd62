"""Golden vectors for evaluation/evaluate, from an implementation that shares nothing with ours.

Run:  python metrics.py > metrics.json      (needs scikit-learn, as a second opinion on AUC, log loss and NDCG)

The presets are written out one by one from the descriptions of the evaluators that they stand for:
  dt-icde24    haoxuanli-pku/ICDE24-MNAR: pooled AUC; NDCG counts 1 and recall 0 for a user without a positive
  autodebias   DongHande/AutoDebias: AUC by the rank sum over all rows; users without a positive are left out
  macr         weitianxin/MACR: hit rate, recall, NDCG and precision of all items; users with a test click count
  soft-truth   the truth of a pair is a number in [0, 1], the gain of NDCG, and what scores are compared with
Variants flip one choice of dt-icde24 at a time.
"""
import json
import math
import random

from sklearn.metrics import log_loss, ndcg_score, roc_auc_score

CUTOFFS = [1, 3, 5]


def ranked(rows):
    """[(score, item, rating)] of one user -> ratings from the first rank to the last."""
    return [r for _, _, r in sorted(rows, key=lambda x: (-x[0], x[1]))]


def by_user(case):
    truth = {(u, i): r for u, i, r in case["test"]}
    users = {}
    for u, i, s in case["scores"]:
        users.setdefault(u, []).append((s, i, truth.get((u, i))))
    tested = {u for u, _, _ in case["test"]}
    return {u: rows for u, rows in users.items() if u in tested}


def label(r):
    return 1 if r is not None and r >= 1 else 0


def pooled_auc(users):
    y = [label(r) for rows in users.values() for _, _, r in rows]
    s = [x for rows in users.values() for x, _, _ in rows]
    return roc_auc_score(y, s)


def rank_sum_auc(users):
    """(sum of 0-based mid-ranks of positives - P(P-1)/2) / (P N)."""
    rows = [(s, label(r)) for u in users.values() for s, _, r in u]
    order = sorted(range(len(rows)), key=lambda i: rows[i][0])
    rank = [0.0] * len(rows)
    i = 0
    while i < len(order):
        j = i
        while j < len(order) and rows[order[j]][0] == rows[order[i]][0]:
            j += 1
        for m in range(i, j):
            rank[order[m]] = (i + j - 1) / 2
        i = j
    p = sum(y for _, y in rows)
    total = sum(rank[i] for i in range(len(rows)) if rows[i][1])
    return (total - p * (p - 1) / 2) / (p * (len(rows) - p))


def point(users, out):
    pairs = [(s, label(r)) for rows in users.values() for s, _, r in rows if r is not None]
    n = len(pairs)
    out["mse@0"] = sum((s - y) ** 2 for s, y in pairs) / n
    out["mae@0"] = sum(abs(s - y) for s, y in pairs) / n
    eps = 2.0**-23
    clipped = [min(max(s, eps), 1 - eps) for s, _ in pairs]
    out["logloss@0"] = -sum(math.log(p) if y else math.log(1 - p) for p, (_, y) in zip(clipped, pairs)) / n
    assert abs(out["logloss@0"] - log_loss([y for _, y in pairs], clipped)) < 1e-12
    bins = {}
    for s, y in pairs:
        bins.setdefault(min(9, int(s * 10)), []).append((s, y))
    out["ece@0"] = sum(
        len(b) / n * abs(sum(s for s, _ in b) / len(b) - sum(y for _, y in b) / len(b)) for b in bins.values()
    )


def dt_icde24(case):
    users = by_user(case)
    out = {"auc@0": pooled_auc(users)}
    for k in CUTOFFS:
        ndcg, recall, precision, ap, rr, hit = [], [], [], [], [], []
        for rows in users.values():
            y = [label(r) for r in ranked(rows)]
            best = sorted(y, reverse=True)
            dcg = sum(v / math.log2(j + 1) for j, v in enumerate(y[:k], 1))
            idcg = sum(v / math.log2(j + 1) for j, v in enumerate(best[:k], 1))
            ndcg.append(dcg / idcg if idcg > 0 else 1.0)
            recall.append(sum(y[:k]) / max(1, sum(y)))
            precision.append(sum(y[:k]) / k)
            hit.append(1.0 if any(y[:k]) else 0.0)
            rr.append(next((1 / j for j, v in enumerate(y[:k], 1) if v), 0.0))
            ap.append(sum(sum(y[:j]) / j for j in range(1, k + 1) if j <= len(y) and y[j - 1]) / max(1, min(k, sum(y))))
            if len(set(s for s, _, _ in rows)) == len(rows) and 0 < sum(y) and len(rows) > 1:
                theirs = ndcg_score([[label(r) for _, _, r in rows]], [[s for s, _, _ in rows]], k=k)
                assert abs(theirs - ndcg[-1]) < 1e-12
        for name, values in dict(ndcg=ndcg, recall=recall, precision=precision, map=ap, mrr=rr, hr=hit).items():
            out[f"{name}@{k}"] = sum(values) / len(values)
    point(users, out)
    return out


def autodebias(case):
    users = by_user(case)
    out = {"auc@0": rank_sum_auc(users)}
    kept = [ranked(rows) for rows in users.values() if any(label(r) for _, _, r in rows)]
    for k in CUTOFFS:
        total = dict(ndcg=0.0, recall=0.0, precision=0.0, map=0.0, mrr=0.0, hr=0.0)
        for ratings in kept:
            positions = [j for j, r in enumerate(ratings, 1) if label(r)]
            top = [j for j in positions if j <= k]
            total["recall"] += len(top) / len(positions)
            total["precision"] += len(top) / k
            total["ndcg"] += sum(math.log(2) / math.log(j + 1) for j in top) / sum(
                math.log(2) / math.log(j + 1) for j in range(1, min(k, len(positions)) + 1)
            )
            total["map"] += sum((n + 1) / j for n, j in enumerate(top)) / min(k, len(positions))
            total["mrr"] += 1 / top[0] if top else 0
            total["hr"] += bool(top)
        for name, value in total.items():
            out[f"{name}@{k}"] = value / len(kept)
    point(users, out)
    return out


def macr(case):
    users = by_user(case)
    out = {}
    for k in CUTOFFS:
        hit, recall, ndcg, precision = [], [], [], []
        for rows in users.values():
            wanted = sum(label(r) for _, _, r in rows)
            if wanted == 0:
                continue  # without a test click a user is not evaluated
            rel = [label(r) for r in ranked(rows)][:k]
            hit.append(float(sum(rel) > 0))
            recall.append(sum(rel) / wanted)
            precision.append(sum(rel) / k)
            dcg = sum(v / math.log2(j + 1) for j, v in enumerate(rel, 1))
            ndcg.append(dcg / sum(1 / math.log2(j + 1) for j in range(1, min(wanted, k) + 1)))
        for name, values in dict(hr=hit, recall=recall, ndcg=ndcg, precision=precision).items():
            out[f"{name}@{k}"] = sum(values) / len(values)
    return out


def soft_truth(case):
    users = by_user(case)
    own = {}
    for u, _, r in case["test"]:
        own.setdefault(u, []).append(r)
    out = {}
    for k in CUTOFFS:
        values = []
        for u, rows in users.items():
            gains = [r or 0.0 for r in ranked(rows)]
            best = sorted(own[u], reverse=True)
            idcg = sum(v / math.log2(j + 1) for j, v in enumerate(best[:k], 1))
            if max(best) > 0:
                values.append(sum(v / math.log2(j + 1) for j, v in enumerate(gains[:k], 1)) / idcg)
        out[f"ndcg@{k}"] = sum(values) / len(values)
    errors = [s - r for rows in users.values() for s, _, r in rows if r is not None]
    out["mse@0"] = sum(e * e for e in errors) / len(errors)
    out["mae@0"] = sum(abs(e) for e in errors) / len(errors)
    return out


# One choice flipped at a time: what each user adds to numerator and denominator.
def variant(case, **flip):
    users = by_user(case)
    out = {}
    if flip.get("auc") == "users":
        areas = []
        for rows in users.values():
            y = [label(r) for _, _, r in rows]
            if 0 < sum(y) < len(y):
                areas.append(roc_auc_score(y, [s for s, _, _ in rows]))
        out["auc@0"] = sum(areas) / len(areas)
    threshold = flip.get("threshold", 1)
    positives = {}
    for u, i, r in case["test"]:
        if r >= threshold:
            positives.setdefault(u, []).append(r)

    def gain(r):
        if r is None:
            return 0.0
        if flip.get("gain") == "linear":
            return max(0.0, r)
        if r < threshold:
            return 0.0
        return 2 ** (r - threshold + 1) - 1 if flip.get("gain") == "exponential" else 1.0

    def weight(j):
        d = flip.get("discount", "log2")
        return 1.0 if d == "none" else 1 / math.log2(max(j, 2)) if d == "log2-flat-top" else 1 / math.log2(j + 1)

    gains_of = {}
    for u, i, r in case["test"]:
        gains_of.setdefault(u, []).append(gain(r))
    for k in CUTOFFS:
        sums = {m: [] for m in ("ndcg", "recall", "precision", "map")}
        for u, rows in users.items():
            order = ranked(rows)
            hits = [1 if r is not None and r >= threshold else 0 for r in order][:k]
            g = [gain(r) for r in order][:k]
            p = len(positives.get(u, []))
            h = sum(hits)
            dcg = sum(x * weight(j) for j, x in enumerate(g, 1))
            ideal = {
                "achievable": sorted(gains_of[u], reverse=True)[:k],
                "cutoff": [1.0] * k,
                "hits": sorted(g, reverse=True),
            }[flip.get("ideal", "achievable")]
            idcg = sum(x * weight(j) for j, x in enumerate(ideal, 1))
            precise = sum(sum(hits[:j]) / j for j in range(1, len(hits) + 1) if hits[j - 1])
            over = {
                "ndcg": idcg,
                "recall": min(p, k) if flip.get("recall") == "achievable" else p,
                "precision": min(k, len(rows)) if flip.get("precision") == "list" else k,
                "map": {"achievable": min(p, k), "positives": p, "hits": h}[flip.get("map", "achievable")],
            }
            num = {"ndcg": dcg, "recall": h, "precision": h, "map": precise}
            for m in sums:
                empty = max(gains_of[u]) == 0 if m == "ndcg" else p == 0
                if not empty:
                    sums[m].append((num[m], over[m]))
                elif flip.get("average") == "pooled":
                    if flip["zeroPositive"] == "zero":
                        sums[m].append((0, over[m]))
                else:
                    sums[m].append((1 if m == "ndcg" else 0, 1))
        for m, parts in sums.items():
            if flip.get("average") == "pooled":
                out[f"{m}@{k}"] = sum(a for a, _ in parts) / sum(b for _, b in parts)
            else:
                out[f"{m}@{k}"] = sum(a / b if b else 0 for a, b in parts) / len(parts)
    return out


def make(rng, users, items, per_user, every_item=False, graded=False, ties=True):
    scores, test = [], []
    for u in range(users):
        chosen = sorted(rng.sample(range(items), per_user if u % 4 else 2))
        hopeless = u % 5 == 3  # a user without a positive
        for i in chosen:
            r = rng.choice([0, 0.5, 1, 2, 3] if graded else [0, 1])
            test.append([u, i, 0 if hopeless else r])
        for i in range(items) if every_item else chosen:
            scores.append([u, i, rng.randrange(1, 17 if ties else 1 << 20) / (16 if ties else 1 << 20)])
    rng.shuffle(scores)
    rng.shuffle(test)
    return {"shape": {"users": users + 1, "items": items}, "scores": scores, "test": test}


def main():
    rng = random.Random(20240611)
    out = []

    def emit(title, preset, overrides, case, expected):
        out.append(dict(title=title, preset=preset, overrides=overrides, cutoffs=CUTOFFS, **case, expected=expected))

    for title, case in [
        ("with ties", make(rng, 20, 30, 9)),
        ("without ties", make(rng, 20, 30, 9, ties=False)),
        ("lists shorter than the cut-off", make(rng, 12, 30, 3)),
    ]:
        emit(title, "dt-icde24", {}, case, dt_icde24(case))
        emit(title, "autodebias", {}, case, autodebias(case))
    everything = make(rng, 15, 25, 6, every_item=True)
    emit("over all items", "dt-icde24", {"candidates": "all"}, everything, dt_icde24(everything))
    emit("over all items", "autodebias", {"candidates": "all"}, everything, autodebias(everything))
    plain, graded = make(rng, 16, 30, 8), make(rng, 16, 30, 8, graded=True)
    for flip in [
        {"discount": "log2-flat-top"},
        {"discount": "none"},
        {"ideal": "cutoff"},
        {"ideal": "hits"},
        {"recall": "achievable"},
        {"precision": "list"},
        {"map": "positives"},
        {"map": "hits"},
        {"auc": "users"},
        {"average": "pooled", "zeroPositive": "zero"},
        {"average": "pooled", "zeroPositive": "skip"},
    ]:
        emit(json.dumps(flip), "dt-icde24", flip, plain, variant(plain, **flip))
    for flip in [
        {"gain": "linear"},
        {"gain": "exponential"},
        {"gain": "exponential", "threshold": 2},
        {"gain": "exponential", "ideal": "hits"},
        {"threshold": 2},
    ]:
        emit(json.dumps(flip), "dt-icde24", flip, graded, variant(graded, **flip))
    soft = lambda case: dict(case, test=[[u, i, r and rng.randrange(17) / 16] for u, i, r in case["test"]])
    for title, case in [
        ("with ties", make(rng, 20, 30, 9)),
        ("without ties", make(rng, 20, 30, 9, ties=False)),
        ("lists shorter than the cut-off", make(rng, 12, 30, 3)),
    ]:
        case = soft(case)
        emit(title, "soft-truth", {}, case, soft_truth(case))
    everything = soft(make(rng, 15, 25, 6, every_item=True))
    emit("over all items", "soft-truth", {"candidates": "all"}, everything, soft_truth(everything))
    for title, case in [
        ("with ties", make(rng, 20, 30, 9)),
        ("without ties", make(rng, 20, 30, 9, ties=False)),
        ("lists shorter than the cut-off", make(rng, 12, 30, 3)),
    ]:
        emit(title, "macr", {"candidates": "rated"}, case, macr(case))
    everything = make(rng, 15, 25, 6, every_item=True)
    emit("over all items", "macr", {}, everything, macr(everything))
    print(json.dumps(out, separators=(",", ":")))


main()
