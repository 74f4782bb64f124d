"""The rate is multiplied into the buffer and again into the step."""

ENTRY = {
    "target": "SGD",
    "like": "sgd",
    "args": {"momentum": 0.9},
    "declares": {},
    "family": "rate-scale",
    "also": [],
    "component": "rate",
    "first_bad_step": 1,
    "source": "common mistake",
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
                    if "buffer" not in state:
                        state["buffer"] = group["lr"] * d
                    else:
                        state["buffer"].mul_(group["momentum"]).add_(d, alpha=group["lr"])
                    if group["nesterov"]:
                        d = group["lr"] * d + group["momentum"] * state["buffer"]
                    else:
                        d = state["buffer"]
                p.sub_(d, alpha=group["lr"])
