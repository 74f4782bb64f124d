"""Nesterov looks ahead with the buffer from before this step."""

ENTRY = {
    "target": "SGD",
    "like": "nesterov",
    "args": {"momentum": 0.9, "nesterov": True},
    "declares": {},
    "family": "momentum",
    "also": [],
    "component": "Nesterov",
    "first_bad_step": 1,
    "source": "catalogue 19",
    "is_published": False,
    "twin": "right_sgd.py:SGD",
}

import torch


class SGD(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, momentum=0.0, nesterov=False, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                d = p.grad
                if group["weight_decay"]:
                    d = d + group["weight_decay"] * p
                if group["momentum"]:
                    state = self.state[p]
                    old = state.get("buffer", torch.zeros_like(p))
                    state["buffer"] = group["momentum"] * old + d
                    d = d + group["momentum"] * old if group["nesterov"] else state["buffer"]
                p.sub_(d, alpha=group["lr"])
