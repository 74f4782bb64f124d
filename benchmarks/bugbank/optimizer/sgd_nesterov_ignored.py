"""nesterov is accepted and the plain buffer used."""

ENTRY = {
    "target": "SGD",
    "like": "nesterov",
    "args": {"momentum": 0.9, "nesterov": True},
    "declares": {},
    "family": "momentum",
    "also": ["ignored-option"],
    "component": "nesterov",
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
                        state["buffer"] = d.clone()
                    else:
                        state["buffer"].mul_(group["momentum"]).add_(d)
                    d = state["buffer"]
                p.sub_(d, alpha=group["lr"])
