"""The step counter is an attribute of the optimizer, which state_dict does not hold: a resumed run corrects as if it began anew."""

ENTRY = {
    "target": "Adam",
    "like": "adam",
    "args": {},
    "declares": {},
    "family": "resume",
    "also": [],
    "component": "state_dict",
    "first_bad_step": 11,
    "source": "https://github.com/kozistr/pytorch_optimizer/issues/306",
    "is_published": True,
    "twin": "right_adam.py:Adam",
}

import torch


class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))
        self.steps = 0

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        self.steps += 1
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
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                exp_avg, exp_avg_sq = state["exp_avg"], state["exp_avg_sq"]
                exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
                exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                correction1 = 1 - beta1**self.steps
                correction2 = 1 - beta2**self.steps
                denom = (exp_avg_sq / correction2).sqrt().add_(group["eps"])
                p.addcdiv_(exp_avg / correction1, denom, value=-group["lr"])
        return loss
