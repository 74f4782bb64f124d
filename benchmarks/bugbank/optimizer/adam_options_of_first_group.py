"""Options are read from the first group for all groups.

A wrapper kept `group = self.param_groups[0]` from a time when there was one group."""

ENTRY = {
    "target": "LookAdam",
    "like": "adam",
    "args": {},
    "declares": {},
    "family": "parameter-groups",
    "also": [],
    "component": "group",
    "first_bad_step": None,
    "source": "https://github.com/kozistr/pytorch_optimizer/issues/465",
    "is_published": True,
    "twin": "right_adam.py:Adam",
}

import torch


class LookAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            options = self.param_groups[0]
            beta1, beta2 = options["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad
                if options["weight_decay"] != 0:
                    grad = grad.add(p, alpha=options["weight_decay"])
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
                denom = (exp_avg_sq / correction2).sqrt().add_(options["eps"])
                p.addcdiv_(exp_avg / correction1, denom, value=-options["lr"])
        return loss
