def down_scale(x, level):
    """Averages pictures to a share 1 - `level` of the pixels per axis, and repeats the means."""

    def matrix(side):
        small = max(round((1 - level) * side), 1)
        edge = torch.arange(small + 1)[:, None] * side / small  # of the large pixels
        pixel = torch.arange(side)
        covered = torch.minimum(pixel + 1, edge[1:]) - torch.maximum(pixel, edge[:-1])
        means = covered.clamp(min=0) * small / side
        return means[(2 * pixel + 1) * small // (2 * side)]

    return matrix(x.shape[2]) @ x @ matrix(x.shape[3]).T
