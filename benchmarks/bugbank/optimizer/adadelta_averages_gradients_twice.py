"""The average of steps is fed with gradients: its root equals the other one, and this is SGD."""

ENTRY = {
    "target": "Adadelta",
    "like": "adadelta",
    "args": {},
    "declares": {},
    "family": "state",
    "also": [],
    "component": "average",
    "first_bad_step": 2,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_adadelta.py:Adadelta",
}

import torch


class Adadelta(torch.optim.Optimizer):
    def __init__(self, params, lr=1.0, rho=0.9, eps=1e-6):
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rho, eps = group["rho"], group["eps"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["square"] = torch.zeros_like(p)
                    state["delta"] = torch.zeros_like(p)
                state["square"].mul_(rho).addcmul_(p.grad, p.grad, value=1 - rho)
                step = (state["delta"] + eps).sqrt() / (state["square"] + eps).sqrt() * p.grad
                state["delta"].mul_(rho).addcmul_(p.grad, p.grad, value=1 - rho)
                p.sub_(step, alpha=group["lr"])
