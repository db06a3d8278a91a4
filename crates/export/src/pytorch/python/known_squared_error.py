def known_squared_error(prediction, target):
    """Mean squared error over the samples whose target is not nan; 0 if there is none (Locatello et al. 2020)."""
    known = ~target.isnan()
    return (prediction[known] - target[known]).square().sum() / known.sum().clamp(min=1)
