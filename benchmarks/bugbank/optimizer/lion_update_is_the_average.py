"""`update = exp_avg` is no copy: taking its sign in place overwrites the running average."""

ENTRY = {
    "target": "Lion",
    "like": "lion",
    "args": {},
    "declares": {},
    "family": "aliasing",
    "also": ["state", "momentum"],
    "component": "average",
    "first_bad_step": 2,
    "source": "https://github.com/kozistr/pytorch_optimizer/issues/135",
    "is_published": True,
    "twin": "right_lion.py:Lion",
}

import torch


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["exp_avg"] = torch.zeros_like(p)
                exp_avg = state["exp_avg"]
                p.mul_(1 - group["lr"] * group["weight_decay"])
                update = exp_avg
                update.mul_(beta1).add_(p.grad, alpha=1 - beta1).sign_()
                p.sub_(update, alpha=group["lr"])
                exp_avg.mul_(beta2).add_(p.grad, alpha=1 - beta2)
