class Tied(nn.Module):
    """A dense layer with the transposed weight of another, and a bias of its own."""

    def __init__(self, linear):
        super().__init__()
        self.linear = [linear]  # in a list, as the weight is a parameter of the encoder
        bound = 1 / math.sqrt(linear.out_features)
        self.bias = nn.Parameter(torch.empty(linear.in_features).uniform_(-bound, bound))

    def forward(self, x):
        return F.linear(x, self.linear[0].weight.T, self.bias)
