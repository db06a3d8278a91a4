def ssim(a, b):
    """Structural similarity (Wang et al. 2004) under Gaussian windows of 11x11, the mean over all positions."""
    weights = torch.exp(-0.5 * (torch.arange(-5, 6) / 1.5) ** 2)
    weights = weights / weights.sum()
    channels = a.shape[1]
    window = torch.outer(weights, weights).expand(channels, 1, 11, 11)

    def local_mean(values):
        return F.conv2d(values, window, groups=channels)

    mu_a, mu_b = local_mean(a), local_mean(b)
    variances = local_mean(a**2) - mu_a**2 + local_mean(b**2) - mu_b**2
    covariance = local_mean(a * b) - mu_a * mu_b
    brightness = (2 * mu_a * mu_b + 0.01**2) / (mu_a**2 + mu_b**2 + 0.01**2)
    structure = (2 * covariance + 0.03**2) / (variances + 0.03**2)
    return (brightness * structure).mean()
