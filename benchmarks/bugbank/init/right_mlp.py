"""A network with He's weights."""

from torch import nn

ENTRY = {"target": "MLP", "like": "he-normal", "args": {}, "declares": {}}


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 128)
        self.middle = nn.Linear(128, 128)
        self.out = nn.Linear(128, 10)
        for layer in (self.hidden, self.middle, self.out):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = self.hidden(x.flatten(1)).relu()
        return self.out(self.middle(x).relu())
