class GRU(nn.GRU):
    """A GRU that returns the hidden state after every step, and nothing else."""

    def forward(self, x):
        return super().forward(x)[0]
