class Rows(nn.Module):
    """A picture as a sequence of its rows, the channels of a row side by side."""

    def forward(self, x):
        return x.transpose(1, 2).flatten(2)
