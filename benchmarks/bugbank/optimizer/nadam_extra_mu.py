"""The term of the running average carries the momentum of this step beside that of the next one."""

ENTRY = {
    "target": "NAdam",
    "like": "nadam",
    "args": {},
    "declares": {},
    "family": "momentum",
    "also": [],
    "component": "mu",
    "first_bad_step": 1,
    "source": "https://github.com/pytorch/pytorch/issues/92699",
    "is_published": True,
    "twin": "right_nadam.py:NAdam",
}

import torch


class NAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, momentum_decay=4e-3):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, momentum_decay=momentum_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state.update(t=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                t = state["t"]
                mu = beta1 * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"]))
                mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * group["momentum_decay"]))
                state["product"] *= mu
                state["m"].lerp_(p.grad, 1 - beta1)
                state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                root = (state["v"] / (1 - beta2**t)).sqrt().add_(group["eps"])
                from_grad = (1 - mu) / (1 - state["product"])
                from_mean = mu * mu_next / (1 - state["product"] * mu_next)
                p.addcdiv_(p.grad, root, value=-group["lr"] * from_grad)
                p.addcdiv_(state["m"], root, value=-group["lr"] * from_mean)
