class Residual(nn.Sequential):
    """Layers whose output is added to their input (He et al. 2016)."""

    def forward(self, x):
        return x + super().forward(x)
