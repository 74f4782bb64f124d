"""The count is not in the state_dict: after resuming, the warm-up begins anew, over the last rate."""

from __future__ import annotations

ENTRY = {
    "target": "Warmup",
    "like": "linear-warmup",
    "args": {"warmup_steps": 10},
    "declares": {},
    "family": "resume",
    "also": ["state"],
    "component": "state_dict",
    "first_bad_step": None,
    "source": "catalogue 27",
    "is_published": True,
    "twin": "right_warmup_scheduler.py:Warmup",
}


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
        return {"warmup_steps": self.warmup_steps, "base_lrs": self.base_lrs}

    def load_state_dict(self, state):
        self.warmup_steps, self.base_lrs = state["warmup_steps"], list(state["base_lrs"])
