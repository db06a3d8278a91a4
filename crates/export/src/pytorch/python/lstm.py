class LSTM(nn.LSTM):
    """An LSTM that returns the hidden state after every step, and nothing else."""

    def forward(self, x):
        return super().forward(x)[0]
