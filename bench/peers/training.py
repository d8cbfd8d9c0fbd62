"""The peer of the training benchmark: the same arithmetic in PyTorch, in a process of its own, on one thread.

usage: training.py MODE CASE.json
MODE is `script` (as the papers' scripts are written: numpy indices, default Adam), `tuned` (fused Adam, indices on tensors
that are made once, eager) or `compiled` (tuned, and each step under torch.compile). The case names the method, its settings
and raw files with users, items, labels and weights. Orders come and answers go as JSON lines.
"""

import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
mode = sys.argv[1]
with open(sys.argv[2]) as file:
    case = json.load(file)
method, s = case["method"], case["settings"]
users, items = case["users"], case["items"]
read = lambda name, dtype: np.fromfile(case["files"][name], dtype=dtype)
user, item = read("user", np.uint32).astype(np.int64), read("item", np.uint32).astype(np.int64)
y, w = read("y", np.float32), read("w", np.float32)
pairs = users * items
tuned = mode != "script"

bce = F.binary_cross_entropy_with_logits


def ce(p, target, eps):
    return -target * torch.log(p + eps) - (1 - target) * torch.log(1 - p + eps)


class Factors(torch.nn.Module):
    def __init__(self, width, sparse=False):
        super().__init__()
        self.P = torch.nn.Embedding(users, width, sparse=sparse)
        self.Q = torch.nn.Embedding(items, width, sparse=sparse)

    def forward(self, u, i):
        p, q = self.P(u), self.Q(i)
        return (p * q).sum(1), p, q


def adam(models, rate, l2):
    parameters = [p for m in models for p in m.parameters()]
    return torch.optim.Adam(parameters, lr=rate, weight_decay=l2, **({"fused": True} if tuned else {}))


class Batches:
    """Rows of O in a new order each epoch, and pairs of D: by a permutation as the scripts do, or drawn one by one."""

    def __init__(self):
        if tuned:
            self.tables = [torch.from_numpy(a) for a in (user, item, y, w)]
            self.o, self.label = torch.zeros(pairs), torch.zeros(pairs)
            at = self.tables[0] * items + self.tables[1]
            self.o[at] = 1
            self.label[at] = self.tables[2]
        else:
            self.o, self.label = np.zeros(pairs, np.float32), np.zeros(pairs, np.float32)
            self.o[user * items + item] = 1
            self.label[user * items + item] = y

    def start(self, all_pairs):
        if tuned:
            self.order = torch.randperm(len(user))
        else:
            self.order = np.random.permutation(len(user))
            if all_pairs:
                self.all = np.random.permutation(pairs)

    def observed(self, t, n):
        rows = self.order[t * n : (t + 1) * n]
        if tuned:
            return [a[rows] for a in self.tables]
        return [torch.from_numpy(a[rows]) for a in (user, item, y, w)]

    def sample(self, t, n):
        if tuned:
            at = torch.randint(pairs, (n,))
            return at // items, at % items, self.o[at], self.label[at]
        at = self.all[t * n : (t + 1) * n]
        return [torch.from_numpy(a) for a in (at // items, at % items, self.o[at], self.label[at])]


def gram(a, b):
    return (a.T @ b).square().mean()


def apart(p, px, q, qx):
    """Squared cross-Gram and mean square of primary and auxiliary factors, over batch rows."""
    return (
        gram(p, px)
        + gram(q, qx)
        + torch.cat([p, px], 1).square().mean()
        + torch.cat([q, qx], 1).square().mean()
    )


class Trainer:
    def __init__(self):
        torch.manual_seed(0)
        np.random.seed(0)
        self.batches = Batches()
        width, rate = s["width"], s["rate"]
        self.steps_an_epoch = len(user) // s["batch"]
        self.all_pairs = method in ("dr-jl", "esmm", "dt-ips", "dt-dr")
        self.z = Factors(width, sparse=method == "mf-lazy")
        if method == "mf-lazy":
            self.optimisers = [torch.optim.SparseAdam(list(self.z.parameters()), lr=rate)]
        elif method in ("mf", "mf-64", "ips"):
            self.optimisers = [adam([self.z], rate, s["l2"])]
        elif method == "dr-jl":
            self.i = Factors(width)
            self.optimisers = [adam([self.z], rate, s["l2"]), adam([self.i], rate, s["l2"])]
        else:
            self.x = Factors(s["auxiliary"])
            self.optimisers = [adam([self.z], rate, s["l2"]), adam([self.x], rate, s["propensityL2"])]
            if method == "dt-dr":
                self.i = Factors(width)
                self.optimisers.append(adam([self.i], rate, s["imputationL2"]))
            if method == "esmm":
                self.steps_an_epoch = pairs // s["batch"]
        body = {
            "mf": self.mf,
            "mf-64": self.mf,
            "mf-lazy": self.mf,
            "ips": self.ips,
            "dr-jl": self.dr_prediction,
            "esmm": self.esmm,
            "dt-ips": self.dt,
            "dt-dr": self.dt,
        }[method]
        wrap = torch.compile if mode == "compiled" else (lambda f: f)
        self.loss, self.second = wrap(body), wrap(self.dr_imputation)

    def mf(self, b, _):
        return bce(self.z(b[0], b[1])[0], b[2])

    def ips(self, b, _):
        return (b[3] * bce(self.z(b[0], b[1])[0], b[2], reduction="none")).mean()

    def dr_prediction(self, b, S):
        zb, zs = self.z(b[0], b[1])[0], self.z(S[0], S[1])[0]
        with torch.no_grad():
            tb, ts = torch.sigmoid(self.i(b[0], b[1])[0]), torch.sigmoid(self.i(S[0], S[1])[0])
        e = b[3] * bce(zb, b[2], reduction="none")
        return (e.sum() - bce(zb, tb, reduction="sum") + bce(zs, ts, reduction="sum")) / len(S[0])

    def dr_imputation(self, b):
        with torch.no_grad():
            zb = self.z(b[0], b[1])[0]
            e, r = bce(zb, b[2], reduction="none"), torch.sigmoid(zb)
        return ((e - bce(self.i(b[0], b[1])[0], r, reduction="none")).square() * b[3]).sum()

    def esmm(self, _, S):
        p = torch.sigmoid(self.x(S[0], S[1])[0]).clip(s["clip"], 1)
        r = torch.sigmoid(self.z(S[0], S[1])[0])
        return s["observation"] * ce(p, S[2], s["shift"]).mean() + ce(p * r, S[3], s["shift"]).mean()

    def dt(self, b, S):
        zb, pb, qb = self.z(b[0], b[1])
        xb, pxb, qxb = self.x(b[0], b[1])
        zs, ps, qs = self.z(S[0], S[1])
        xs, pxs, qxs = self.x(S[0], S[1])
        weight = 1 / torch.sigmoid(zb + xb).clip(s["clip"], 1)
        r = torch.sigmoid(zb)
        e = ce(r, b[2], s["shift"])
        if method == "dt-dr":
            eh = ce(r, torch.sigmoid(self.i(b[0], b[1])[0]), s["shift"])
            ehs = ce(torch.sigmoid(zs), torch.sigmoid(self.i(S[0], S[1])[0]), s["shift"])
            risk = ((weight * (e - eh)).sum() + ehs.sum()) / len(S[0])
            risk = risk + s["imputationWeight"] * (weight * (e - eh).square()).mean()
        else:
            risk = (weight * e).mean()
        seen = ce(torch.sigmoid(zs + xs), S[2], s["shift"]).mean()
        rest = apart(pb, pxb, qb, qxb) + apart(ps, pxs, qs, qxs)
        return risk + s["observation"] * seen + s["penaltyWeight"] * rest

    def start(self):
        self.batches.start(self.all_pairs)

    def step(self, t):
        n = s["batch"]
        b = None if method == "esmm" else self.batches.observed(t, n)
        S = self.batches.sample(t, int(n * s.get("ratio", 1))) if self.all_pairs else None
        mine = self.optimisers[:1] if method == "dr-jl" else self.optimisers
        for o in mine:
            o.zero_grad()
        loss = self.loss(b, S)
        loss.backward()
        for o in mine:
            o.step()
        total = loss.item()
        if method == "dr-jl":
            self.optimisers[1].zero_grad()
            second = self.second(b)
            second.backward()
            self.optimisers[1].step()
        return total


def processor_time():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (use.ru_utime + use.ru_stime)


trainer = Trainer()


def steps(count):
    total, left = 0.0, count
    while left > 0:
        trainer.start()
        began = processor_time()
        for t in range(min(left, trainer.steps_an_epoch)):
            trainer.step(t)
        total += processor_time() - began
        left -= trainer.steps_an_epoch
    return total


def fit(epochs):
    global trainer
    began = processor_time()
    trainer = Trainer()
    for _ in range(epochs):
        trainer.start()
        for t in range(trainer.steps_an_epoch):
            trainer.step(t)
    return processor_time() - began


def answer(value):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({**value, "peak": peak, "perEpoch": trainer.steps_an_epoch, "torch": torch.__version__}), flush=True)


answer({"ready": True})
for line in sys.stdin:
    order = json.loads(line)
    answer({"ms": steps(order["count"]) if order["do"] == "steps" else fit(order["epochs"]), "epochs": order.get("epochs")})
