def hidden_block(x, level):
    """True in a random rectangle with a share `level` of each picture's area (Pathak et al. 2016)."""
    samples, _, height, width = x.shape
    area = (level * torch.ones(samples) * height * width).clamp(min=1)
    aspect = 2 ** (2 * torch.rand(samples) - 1)
    rows = torch.maximum((area * aspect).sqrt().round(), (area / width).ceil()).clamp(max=height)
    columns = (area / rows).round().clamp(1, width)
    top = (torch.rand(samples) * (height - rows + 1)).floor()
    left = (torch.rand(samples) * (width - columns + 1)).floor()
    row, column = torch.arange(height), torch.arange(width)
    is_row = (row >= top[:, None]) & (row < (top + rows)[:, None])
    is_column = (column >= left[:, None]) & (column < (left + columns)[:, None])
    return is_row[:, None, :, None] & is_column[:, None, None, :]
