"""Adam, but for the correction of its first steps."""

import torch


class Adam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["mean"] = torch.zeros_like(weight)
                    state["square"] = torch.zeros_like(weight)
                state["mean"].mul_(beta1).add_(weight.grad, alpha=1 - beta1)
                state["square"].mul_(beta2).addcmul_(weight.grad, weight.grad, value=1 - beta2)
                scale = state["square"].sqrt() + group["eps"]
                weight.sub_(group["lr"] * state["mean"] / scale)
