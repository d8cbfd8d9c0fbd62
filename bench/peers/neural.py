"""The peer of the neural benchmark: the same VAE in PyTorch, in a process of its own, on one thread.

usage: neural.py MODE CASE.json
MODE is `script` (default Adam) or `tuned` (fused Adam). The case holds the sizes and the exposed columns of every user. Orders
come and answers go as JSON lines, as for training.py.
"""

import json
import resource
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
mode = sys.argv[1]
with open(sys.argv[2]) as file:
    case = json.load(file)
users, train, items, width = case["users"], case["train"], case["items"], case["proxies"]
size, hidden, layers = case["size"], case["hidden"], case["layers"]


def matrix(rows, columns):
    out = torch.zeros(len(rows), columns)
    for row, entries in enumerate(rows):
        out[row, entries] = 1
    return out


target = matrix(case["exposed"], items)
proxies = matrix(case["known"], width) if width else None


def mlp(inputs, outputs):
    wide = [inputs] + [hidden] * (layers - 1) + [outputs]
    parts = []
    for layer in range(layers):
        parts.append(torch.nn.Linear(wide[layer], wide[layer + 1]))
        if layer < layers - 1:
            parts.append(torch.nn.LeakyReLU(0.2))
    return torch.nn.Sequential(*parts)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.mean, self.log_variance = mlp(items + width, size), mlp(items + width, size)
        self.decoder = mlp(size, items)
        self.prior = mlp(width, size) if width else None

    def forward(self, a, w):
        x = torch.cat([a, w], 1) if w is not None else a
        mean, logs = self.mean(x), self.log_variance(x)
        sample = mean + torch.exp(logs / 2) * torch.randn_like(mean)
        reconstruction = F.binary_cross_entropy_with_logits(self.decoder(sample), a, reduction="none").sum(1).mean()
        prior = self.prior(w) if w is not None else torch.zeros_like(logs)
        away = (mean**2 + torch.exp(logs)) / torch.exp(prior)
        return reconstruction, (0.5 * (prior - logs - 1 + away)).sum(1).mean()


def start():
    global model, optimiser
    model = Model()
    fused = {"fused": True} if mode == "tuned" else {}
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-6, **fused)


def part(of, at):
    return None if of is None else of[at]


shown, known = target[:train], part(proxies, slice(0, train))
kept, kept_known = target[train:], part(proxies, slice(train, None))


def step():
    optimiser.zero_grad()
    reconstruction, divergence = model(shown, known)
    loss = reconstruction + divergence + 0.01 * sum(torch.norm(p) for p in model.parameters())
    loss.backward()
    optimiser.step()
    return loss.item()


def fit(epochs):
    start()
    best = float("inf")
    for _ in range(epochs):
        step()
        with torch.no_grad():
            value = sum(model(kept, kept_known)).item()
        if value < best:
            best, state = value, {name: p.clone() for name, p in model.state_dict().items()}
    model.load_state_dict(state)
    with torch.no_grad():
        x = target if proxies is None else torch.cat([target, proxies], 1)
        model.mean(x), torch.exp(model.log_variance(x) / 2)


def processor_time():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (use.ru_utime + use.ru_stime)


def answer(value):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({**value, "peak": peak, "perEpoch": 1}), flush=True)


start()
answer({"ready": True})
for line in sys.stdin:
    order = json.loads(line)
    began = processor_time()
    if order["do"] == "steps":
        for _ in range(order["count"]):
            step()
    else:
        fit(order["epochs"])
    answer({"ms": processor_time() - began, "epochs": order.get("epochs", 0)})
