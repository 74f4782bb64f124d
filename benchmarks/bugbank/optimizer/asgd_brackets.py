"""Brackets are lost in one of two versions: lr / 1 + lambd * lr * t ** alpha."""

ENTRY = {
    "target": "ASGD",
    "like": "asgd",
    "args": {},
    "declares": {},
    "family": "rate-scale",
    "also": ["schedule"],
    "component": "rate",
    "first_bad_step": 2,
    "source": "https://github.com/pytorch/pytorch/issues/125440",
    "is_published": True,
    "twin": "right_asgd.py:ASGD",
}

import torch


class ASGD(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, lambd=1e-4, alpha=0.75, t0=1e6):
        super().__init__(params, dict(lr=lr, lambd=lambd, alpha=alpha, t0=t0))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state.update(t=0, eta=group["lr"], mean=torch.zeros_like(p))
                state["t"] += 1
                p.mul_(1 - group["lambd"] * state["eta"])
                p.sub_(p.grad, alpha=state["eta"])
                mu = 1 / max(1, state["t"] - group["t0"])
                state["mean"].add_(p - state["mean"], alpha=mu)
                state["eta"] = group["lr"] / 1 + group["lambd"] * group["lr"] * state["t"] ** group["alpha"]
