def ring(samples, size):
    """Ten normal clusters on the unit circle of the first two dimensions (Makhzani et al. 2016)."""
    angle = 2 * math.pi * torch.randint(10, (samples,)) / 10
    centre = F.pad(torch.stack([angle.cos(), angle.sin()], 1), (0, size - 2))
    return centre + 0.1 * torch.randn(samples, size)
