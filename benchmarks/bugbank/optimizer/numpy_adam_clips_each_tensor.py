"""max_grad_norm clips each tensor by its own norm, not all by their common one."""

ENTRY = {
    "target": "Adam",
    "like": "adam",
    "args": {},
    "declares": {},
    "family": "clipping",
    "also": [],
    "component": "clip",
    "first_bad_step": None,
    "source": "catalogue 33",
    "is_published": False,
    "twin": "right_numpy_adam.py:Adam",
}

import numpy as np


class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, max_grad_norm=1e9):
        self.params = params
        self.lr, self.beta1, self.beta2, self.epsilon = lr, beta1, beta2, epsilon
        self.t = 0
        self.max_grad_norm = max_grad_norm
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        self.t += 1
        for i, (p, g) in enumerate(zip(self.params, grads)):
            norm = np.linalg.norm(g)
            if norm > self.max_grad_norm:
                g = g * (self.max_grad_norm / norm)
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat = self.m[i] / (1 - self.beta1**self.t)
            v_hat = self.v[i] / (1 - self.beta2**self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.epsilon)
