"""The corrected averages are computed, and the uncorrected ones used."""

ENTRY = {
    "target": "Lamb",
    "like": "lamb",
    "args": {},
    "declares": {},
    "family": "bias-correction",
    "also": [],
    "component": "correct",
    "first_bad_step": 1,
    "source": "https://github.com/jettify/pytorch-optimizer/issues/443",
    "is_published": True,
    "twin": "right_lamb.py:Lamb",
}

import torch


class Lamb(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.0, debias=True):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, debias=debias))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                m_hat, v_hat = state["m"], state["v"]
                if group["debias"]:
                    m_hat = m_hat / (1 - beta1 ** state["t"])
                    v_hat = v_hat / (1 - beta2 ** state["t"])
                update = state["m"] / (state["v"].sqrt() + group["eps"]) + group["weight_decay"] * p
                weight_norm, update_norm = p.norm(), update.norm()
                trust = weight_norm / update_norm if weight_norm > 0 and update_norm > 0 else 1.0
                p.sub_(update * trust * group["lr"])
