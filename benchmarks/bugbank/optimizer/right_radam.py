"""RAdam as a torch optimizer."""

ENTRY = {
    "target": "RAdam",
    "like": "radam",
    "args": {},
    "declares": {},
}

import math

import torch


class RAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            longest = 2 / (1 - beta2) - 1
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                t = state["t"]
                state["m"].lerp_(p.grad, 1 - beta1)
                state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                mean = state["m"] / (1 - beta1**t)
                length = longest - 2 * t * beta2**t / (1 - beta2**t)
                if length > 5:
                    root = (state["v"] / (1 - beta2**t)).sqrt().add_(group["eps"])
                    top = (length - 4) * (length - 2) * longest
                    rectified = math.sqrt(top / ((longest - 4) * (longest - 2) * length))
                    p.addcdiv_(mean, root, value=-group["lr"] * rectified)
                else:
                    p.sub_(mean, alpha=group["lr"])
