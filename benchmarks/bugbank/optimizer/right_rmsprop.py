"""RMSprop with momentum and centring as a torch optimizer."""

ENTRY = {
    "target": "RMSprop",
    "like": "rmsprop",
    "args": {},
    "declares": {},
}

import torch


class RMSprop(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, alpha=0.99, eps=1e-8, momentum=0.0, centered=False):
        super().__init__(params, dict(lr=lr, alpha=alpha, eps=eps, momentum=momentum, centered=centered))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            alpha = group["alpha"]
            for p in [p for p in group["params"] if p.grad is not None]:
                state = self.state[p]
                if not state:
                    state["square"] = torch.zeros_like(p)
                    state["mean"] = torch.zeros_like(p)
                    state["buffer"] = torch.zeros_like(p)
                state["square"].mul_(alpha).addcmul_(p.grad, p.grad, value=1 - alpha)
                variance = state["square"]
                if group["centered"]:
                    state["mean"].lerp_(p.grad, 1 - alpha)
                    variance = variance - state["mean"] ** 2
                step = p.grad / (variance.sqrt() + group["eps"])
                if group["momentum"]:
                    step = state["buffer"].mul_(group["momentum"]).add_(step)
                p.sub_(step, alpha=group["lr"])
