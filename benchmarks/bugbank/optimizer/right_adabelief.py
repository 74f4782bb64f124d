"""AdaBelief as a torch optimizer."""

ENTRY = {
    "target": "AdaBelief",
    "like": "adabelief",
    "args": {},
    "declares": {},
}

import torch


class AdaBelief(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-16):
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
                    state.update(t=0, m=torch.zeros_like(p), s=torch.zeros_like(p))
                state["t"] += 1
                state["m"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                residual = p.grad - state["m"]
                state["s"].mul_(beta2).addcmul_(residual, residual, value=1 - beta2).add_(group["eps"])
                root = (state["s"] / (1 - beta2 ** state["t"])).sqrt().add_(group["eps"])
                p.addcdiv_(state["m"] / (1 - beta1 ** state["t"]), root, value=-group["lr"])
