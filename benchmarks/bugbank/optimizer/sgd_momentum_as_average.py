"""The buffer takes (1 - momentum) of the gradient, as in Adam: steps ten times smaller at 0.9."""

ENTRY = {
    "target": "SGD",
    "like": "sgd",
    "args": {"momentum": 0.9},
    "declares": {},
    "family": "momentum",
    "also": ["rate-scale"],
    "component": "momentum",
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
                    if "buffer" not in state:
                        state["buffer"] = (1 - group["momentum"]) * d
                    else:
                        state["buffer"].mul_(group["momentum"]).add_(d, alpha=1 - group["momentum"])
                    if group["nesterov"]:
                        d = d + group["momentum"] * state["buffer"]
                    else:
                        d = state["buffer"]
                p.sub_(d, alpha=group["lr"])
