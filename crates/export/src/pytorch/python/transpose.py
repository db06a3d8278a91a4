class Transpose(nn.Module):
    """[samples, steps, features] to [samples, features, steps], which 1-D convolutions read, and back."""

    def forward(self, x):
        return x.transpose(1, 2)
