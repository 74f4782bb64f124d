"""ADOPT, without clipping, as a torch optimizer."""

ENTRY = {
    "target": "Adopt",
    "like": "adopt",
    "args": {},
    "declares": {},
}

import torch


class Adopt(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.9999), eps=1e-6):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["m"] = torch.zeros_like(p)
                    state["v"] = p.grad * p.grad
                    continue
                normed = p.grad / state["v"].sqrt().clamp(min=group["eps"])
                state["m"].lerp_(normed, 1 - beta1)
                p.sub_(state["m"], alpha=group["lr"])
                state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
