"""The peer of the ranking benchmark: all items ranked in PyTorch, in a process of its own.

usage: ranking.py CASE.json THREADS
Users go through in blocks: a matrix product, known items set to -inf, top-k, membership in the test rows, and hit rate, recall
and NDCG at every cut-off from 1 to k. Each line on the input is an order; answers go as JSON lines.
"""

import json
import resource
import sys
import time

import numpy as np
import torch

torch.set_num_threads(int(sys.argv[2]))
with open(sys.argv[1]) as file:
    case = json.load(file)
users, items, width, top = case["users"], case["items"], case["width"], case["top"]
read = lambda name, dtype: np.fromfile(case["files"][name], dtype=dtype)
P = torch.from_numpy(read("P", np.float32).reshape(users, width))
Q = torch.from_numpy(read("Q", np.float32).reshape(items, width))


def rows_of(name):
    user, item = read(name + "User", np.uint32).astype(np.int64), read(name + "Item", np.uint32).astype(np.int64)
    order = np.argsort(user, kind="stable")
    start = np.searchsorted(user[order], np.arange(users + 1))
    return torch.from_numpy(user[order]), torch.from_numpy(item[order]), start


BLOCK = 256


@torch.no_grad()
def evaluated():
    train_user, train_item, train_start = rows_of("train")
    test_user, test_item, test_start = rows_of("test")
    weights = 1 / torch.log2(torch.arange(top, dtype=torch.float64) + 2)
    ideal = torch.cumsum(weights, 0)
    sums = {name: torch.zeros(top, dtype=torch.float64) for name in ("hr", "recall", "ndcg")}
    lists = torch.empty(users, top, dtype=torch.int64)
    wanted = torch.zeros(BLOCK, items, dtype=torch.bool)
    for a in range(0, users, BLOCK):
        b = min(a + BLOCK, users)
        scores = P[a:b] @ Q.T
        rows = slice(train_start[a], train_start[b])
        scores[train_user[rows] - a, train_item[rows]] = -torch.inf
        best = torch.topk(scores, top, dim=1).indices
        lists[a:b] = best
        rows = slice(test_start[a], test_start[b])
        at = (test_user[rows] - a, test_item[rows])
        wanted[at] = True
        hits = wanted[: b - a].gather(1, best).double()
        wanted[at] = False
        count = torch.from_numpy(np.diff(test_start[a : b + 1]))
        found = torch.cumsum(hits, 1)
        gained = torch.cumsum(hits * weights, 1)
        reach = torch.minimum(count[:, None], torch.arange(1, top + 1)[None, :])
        sums["hr"] += (found > 0).double().sum(0)
        sums["recall"] += (found / count[:, None]).sum(0)
        sums["ndcg"] += (gained / ideal[reach - 1]).sum(0)
    return {f"{name}@{k + 1}": (value[k] / users).item() for name, value in sums.items() for k in range(top)}


def answer(value):
    value["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(value), flush=True)


answer({"ready": True})
for _ in sys.stdin:
    began, clock = time.process_time(), time.perf_counter()
    metrics = evaluated()
    ms, wall = (time.process_time() - began) * 1000, (time.perf_counter() - clock) * 1000
    answer({"ms": ms, "wall": wall, "metrics": metrics})
