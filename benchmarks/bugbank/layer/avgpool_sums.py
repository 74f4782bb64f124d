"""Windows are summed: the division by their size was forgotten."""

from torch import nn

ENTRY = {
    "target": "AvgPool",
    "like": "avgpool",
    "args": {"kernel_size": 2},
    "declares": {},
    "family": "forward",
    "also": ["reduction"],
    "component": "summed",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_maxpool.py:MaxPool",
}


class AvgPool(nn.Module):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        return x.unfold(2, self.k, self.s).unfold(3, self.k, self.s).sum(dim=(-2, -1))
