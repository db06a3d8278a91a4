class TopK(nn.Module):
    """Sets all but the k largest values of each code to 0 (Makhzani and Frey 2014)."""

    def __init__(self, k):
        super().__init__()
        self.k = k

    def forward(self, code):
        largest = code.topk(self.k, dim=1).indices
        return code * torch.zeros_like(code).scatter(1, largest, 1.0)
