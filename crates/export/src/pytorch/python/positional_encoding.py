class PositionalEncoding(nn.Module):
    """Adds sines (even features) and cosines (odd features) of the step (Vaswani et al. 2017)."""

    def forward(self, x):
        _, steps, features = x.shape
        feature = torch.arange(features)
        angle = torch.arange(steps)[:, None] / 10_000 ** (feature // 2 * 2 / features)
        return x + torch.where(feature % 2 == 0, angle.sin(), angle.cos())
