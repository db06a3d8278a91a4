def orthogonality(code):
    """Mean squared correlation of two units of the code (after Cogswell et al. 2016)."""
    code = code.flatten(1)
    samples, units = code.shape
    standardised = (code - code.mean(0)) / (code.var(0, correction=0) + 1e-8).sqrt()
    correlations = standardised.T @ standardised / samples
    return (correlations * (1 - torch.eye(units))).square().sum() / max(units * (units - 1), 1)
