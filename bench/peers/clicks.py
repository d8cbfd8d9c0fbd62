"""The peer of the benchmark of clicks: MF, LightGCN and MACR in PyTorch, in a process of its own, on one thread.

usage: clicks.py MODE CASE.json
MODE is `script` (written as the authors' code is: the whole graph is propagated in each step, autograd goes back through it,
the default Adam moves the tables) or `same` (the products that our engine makes: rows of the batch last, two layers at once
where R'R is sparse enough, a backward pass by hand, fused Adam). Triples are drawn in vectors in both. Orders come and
answers go as JSON lines: {"do": "steps", "count": n} times steps; {"do": "history", "epochs", "every", "patience"} trains MF and
gives the share of test users whose first twenty items hold a hit, after each `every` epochs.
"""

import json
import resource
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
mode = sys.argv[1]
with open(sys.argv[2]) as file:
    case = json.load(file)
method, s = case["method"], case["settings"]
users, items, batch = case["users"], case["items"], case["batch"]
read = lambda name: np.fromfile(case["files"][name], dtype=np.uint32).astype(np.int64)
user, item = read("user"), read("item")
order = np.argsort(user * items + item)
user, item = user[order], item[order]
starts = np.searchsorted(user, np.arange(users + 1))
active = np.flatnonzero(starts[1:] > starts[:-1])
known = user * items + item
steps_an_epoch = len(user) // batch + 1
seed = case.get("seed", 0)
rng = np.random.default_rng(seed)
torch.manual_seed(seed)
on_graph = method.endswith("lightgcn")
gated = method.startswith("macr")


def draw():
    u = rng.choice(active, batch, replace=batch > len(active))
    p = item[starts[u] + (rng.random(batch) * (starts[u + 1] - starts[u])).astype(np.int64)]
    q = rng.integers(items, size=batch)
    while True:
        at = u * items + q
        found = np.minimum(np.searchsorted(known, at), len(known) - 1)
        bad = np.flatnonzero(known[found] == at)
        if len(bad) == 0:
            return [torch.from_numpy(a) for a in (u, p, q)]
        q[bad] = rng.integers(items, size=len(bad))


def csr(rows, columns, values, shape):
    return torch.sparse_coo_tensor(np.stack([rows, columns]), values, shape).coalesce().to_sparse_csr()


if on_graph:
    du, di = np.bincount(user, minlength=users), np.bincount(item, minlength=items)
    weight = torch.from_numpy((1 / np.sqrt(du[user] * di[item])).astype(np.float32))
    if mode == "script":
        n = users + items
        both = torch.cat([weight, weight])
        A = csr(np.concatenate([user, item + users]), np.concatenate([item + users, user]), both, (n, n))
    else:
        R = csr(user, item, weight, (users, items))
        back = csr(item, user, weight, (items, users))
        S = None
        if (du.astype(np.float64) ** 2).sum() < 256 * len(user):
            S = torch.sparse.mm(back, R)
            S = S if S.values().numel() <= 2 * len(user) else None
        row_starts, columns = torch.from_numpy(starts), torch.from_numpy(item)

        def rows_of(u):
            """The rows of R that are asked for, one below the other."""
            begin, size = row_starts[u], row_starts[u + 1] - row_starts[u]
            first = torch.cumsum(size, 0) - size
            at = torch.arange(int(size.sum())) - torch.repeat_interleave(first - begin, size)
            ends = torch.cat([first, first[-1:] + size[-1:]])
            return torch.sparse_csr_tensor(ends, columns[at], weight[at], (len(u), items))

        class Propagate(torch.autograd.Function):
            """Two layers: all items, and the users of the batch."""

            @staticmethod
            def forward(ctx, P, Q, u):
                Rb = rows_of(u)
                ctx.u, ctx.Rb = u, Rb
                T = Q + torch.sparse.mm(back, P)
                I = T + (torch.sparse.mm(S, Q) if S is not None else torch.sparse.mm(back, torch.sparse.mm(R, Q)))
                return (P[u] + torch.sparse.mm(Rb, T)) / 3, I / 3

            @staticmethod
            def backward(ctx, dU, dI):
                H = dI.clone()
                pairs = ctx.Rb.crow_indices().diff()
                H.index_add_(0, ctx.Rb.col_indices(), torch.repeat_interleave(dU, pairs, 0) * ctx.Rb.values()[:, None])
                twice = torch.sparse.mm(S, dI) if S is not None else torch.sparse.mm(back, torch.sparse.mm(R, dI))
                gP = torch.sparse.mm(R, H)
                gP.index_add_(0, ctx.u, dU)
                return gP / 3, (H + twice) / 3, None


def table(rows, width):
    bound = (6 / (rows + width)) ** 0.5
    return torch.nn.Parameter((torch.rand(rows, width) * 2 - 1) * bound)


width = s["width"]
P, Q = table(users, width), table(items, width)
heads = [table(1, width), table(1, width)] if gated else []
fused = {"fused": True} if mode == "same" else {}
adam = torch.optim.Adam([P, Q, *heads], lr=s["rate"], **fused)


def vectors(u, p, q):
    if not on_graph:
        return P[u], Q[p], Q[q]
    if mode == "same":
        U, I = Propagate.apply(P, Q, u)
        return U, I[p], I[q]
    X = torch.cat([P, Q])
    one = torch.sparse.mm(A, X)
    E = (X + one + torch.sparse.mm(A, one)) / 3
    return E[u], E[users + p], E[users + q]


def loss_of(u, p, q):
    eu, ep, eq = vectors(u, p, q)
    yp, yq = (eu * ep).sum(1), (eu * eq).sum(1)
    squares = P[u].square().sum() + Q[p].square().sum() + Q[q].square().sum()
    decay = s["l2"] / 2 * squares / batch
    if not gated:
        return F.softplus(-yp).mean() + F.softplus(yq).mean() + decay
    wi, wu = heads
    a, z, t = ep @ wi[0], eq @ wi[0], eu @ wu[0]
    gp, gq = torch.sigmoid(a) * torch.sigmoid(t), torch.sigmoid(z) * torch.sigmoid(t)
    matching = F.softplus(-gp[:, None] * yp).mean() + F.softplus(gq[:, None] * yq).mean()
    alone = s["alpha"] * (F.softplus(-a) + F.softplus(z)).mean() + s["beta"] * (F.softplus(-t) + F.softplus(t)).mean()
    return matching + alone + decay


def processor_time():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (use.ru_utime + use.ru_stime)


def steps(count):
    began = processor_time()
    for _ in range(count):
        adam.zero_grad()
        loss = loss_of(*draw())
        loss.backward()
        adam.step()
        loss.item()
    return processor_time() - began


def hit_rate(top=20):
    """Of users with a test click; items clicked in train are not ranked, equal scores go to the lower id."""
    test_user, test_item = read("testUser"), read("testItem")
    asked = np.unique(test_user)
    scores = (P.detach()[asked] @ Q.detach().T).numpy()
    place = np.full(users, -1)
    place[asked] = np.arange(len(asked))
    mine = place[user] >= 0
    scores[place[user[mine]], item[mine]] = -np.inf
    lists = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    wanted = np.zeros(scores.shape, dtype=bool)
    wanted[place[test_user], test_item] = True
    return float(np.take_along_axis(wanted, lists, 1).any(1).mean())


def history(epochs, every, patience):
    """Ends after `patience` measurements in a row below the best one."""
    found, below = [], 0
    for epoch in range(every, epochs + 1, every):
        steps(every * steps_an_epoch)
        found.append(hit_rate())
        below = 0 if found[-1] >= max(found) else below + 1
        if below == patience:
            break
    return found


def answer(value):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({**value, "peak": peak, "perEpoch": steps_an_epoch}), flush=True)


answer({"ready": True})
for line in sys.stdin:
    order = json.loads(line)
    if order["do"] == "history":
        answer({"hits": history(order["epochs"], order["every"], order["patience"])})
    else:
        answer({"ms": steps(order["count"])})
