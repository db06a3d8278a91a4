class SequenceToPicture(nn.Module):
    """A sequence of rows, the channels of a row side by side, as a picture."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, x):
        return x.unflatten(2, (self.channels, -1)).transpose(1, 2)
