"""SGD with momentum, as PyTorch has it."""

import torch


class SGD(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1, momentum=0.9):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["speed"] = weight.grad.clone()
                else:
                    state["speed"].mul_(group["momentum"]).add_(weight.grad)
                weight.sub_(group["lr"] * state["speed"])
