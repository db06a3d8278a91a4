def smooth_field(samples, height, width):
    """Random fields, smoothed by a Gaussian of 4 pixels, of standard deviation 1 (Simard et al. 2003)."""
    weights = torch.exp(-0.5 * (torch.arange(-8, 9) / 4) ** 2)
    kernel = torch.outer(weights, weights)[None, None]
    uniform = 2 * torch.rand(samples, 1, height, width) - 1
    variance = F.conv2d(torch.full((1, 1, height, width), 1 / 3), kernel**2, padding=8)
    return (F.conv2d(uniform, kernel, padding=8) / variance.sqrt()).squeeze(1)
