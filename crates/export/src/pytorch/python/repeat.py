class Repeat(nn.Module):
    """A vector, repeated as a sequence of equal steps."""

    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def forward(self, x):
        return x.unsqueeze(1).expand(-1, self.steps, -1)
