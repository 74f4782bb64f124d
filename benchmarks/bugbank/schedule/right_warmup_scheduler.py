"""Linear warm-up, then constant; keeps its own count and says it in its state_dict."""

from __future__ import annotations

ENTRY = {"target": "Warmup", "like": "linear-warmup", "args": {"warmup_steps": 10}, "declares": {}}


class Warmup:
    def __init__(self, optimizer, warmup_steps):
        self.optimizer, self.warmup_steps, self.count = optimizer, warmup_steps, 0
        self.base_lrs = [group["lr"] for group in optimizer.param_groups]
        self._set()

    def _set(self):
        part = min((self.count + 1) / self.warmup_steps, 1.0)
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = base * part

    def step(self):
        self.count += 1
        self._set()

    def state_dict(self):
        return {"count": self.count, "base_lrs": self.base_lrs}

    def load_state_dict(self, state):
        self.count, self.base_lrs = state["count"], list(state["base_lrs"])
        self._set()
