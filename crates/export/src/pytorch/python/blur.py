def blur(x, sigma):
    """Gaussian blur of standard deviation `sigma`, in pixels; what lies outside the picture is ignored."""

    def matrix(side):
        distance = (torch.arange(side)[:, None] - torch.arange(side)).abs()
        weights = torch.exp(-0.5 * (distance / sigma) ** 2) * (distance <= math.floor(3 * sigma + 0.5))
        return weights / weights.sum(1, keepdim=True)

    return matrix(x.shape[2]) @ x @ matrix(x.shape[3]).T
