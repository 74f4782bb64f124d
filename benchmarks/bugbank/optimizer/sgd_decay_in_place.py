"""The decay is added to p.grad in place, and the buffer holds the memory of p.grad."""

ENTRY = {
    "target": "SGD",
    "like": "sgd",
    "args": {"momentum": 0.9, "weight_decay": 0.01},
    "declares": {},
    "family": "aliasing",
    "also": [],
    "component": "copy",
    "first_bad_step": 2,
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
                    d.add_(p, alpha=group["weight_decay"])
                if group["momentum"]:
                    state = self.state[p]
                    if "buffer" not in state:
                        state["buffer"] = d.detach()
                    else:
                        state["buffer"].mul_(group["momentum"]).add_(d)
                    if group["nesterov"]:
                        d = d + group["momentum"] * state["buffer"]
                    else:
                        d = state["buffer"]
                p.sub_(d, alpha=group["lr"])
