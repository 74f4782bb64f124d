"""Works on p.reshape(-1): for weights that are not contiguous this is a copy, and the step is lost."""

ENTRY = {
    "target": "FlatAdam",
    "like": "adam",
    "args": {},
    "declares": {},
    "family": "shape",
    "also": [],
    "component": "copy",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_adam.py:Adam",
}

import torch


class FlatAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad
                if group["weight_decay"] != 0:
                    grad = grad.add(p, alpha=group["weight_decay"])
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                state["step"] += 1
                exp_avg, exp_avg_sq = state["exp_avg"], state["exp_avg_sq"]
                exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
                exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                correction1 = 1 - beta1 ** state["step"]
                correction2 = 1 - beta2 ** state["step"]
                denom = (exp_avg_sq / correction2).sqrt().add_(group["eps"])
                step = (exp_avg / correction1 / denom).reshape(-1)
                p.reshape(-1).sub_(step, alpha=group["lr"])
        return loss
