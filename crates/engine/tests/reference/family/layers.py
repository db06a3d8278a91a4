"""PyTorch's layers, adapted to the three shapes of values between Pinhole's layers.

A vector is [samples, values], a picture [samples, channels, rows, columns], a sequence [samples, steps, features].
"""

import math

import torch
from torch import nn

ACTIVATIONS = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.01),
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class Layer(nn.Module):
    """Weights, then a normalisation, then an activation."""

    def __init__(self, weights, activation="linear", norm=None):
        super().__init__()
        self.weights, self.norm, self.activation = weights, norm, ACTIVATIONS[activation]()

    def forward(self, values):
        values = self.weights(values)
        return self.activation(values if self.norm is None else self.norm(values))

    def named_tensors(self):
        """Parameters, then a batch normalisation's running statistics, under their names in a model file."""
        tensors = dict(self.weights.named_parameters())
        if self.norm is not None:
            tensors |= {f"norm.{name}": tensor for name, tensor in self.norm.named_parameters()}
            tensors |= {f"norm.{name}": tensor for name, tensor in self.norm.named_buffers() if tensor.dim() > 0}
        return tensors


class Dense(nn.Linear):
    """Flattens its input; its output has `shape`, or is a vector."""

    def __init__(self, inputs, outputs, shape=None):
        super().__init__(inputs, outputs)
        self.shape = shape or (outputs,)

    def forward(self, values):
        return super().forward(values.flatten(1)).unflatten(1, self.shape)


class Tied(nn.Module):
    """The transpose of another dense layer's weight, with a bias of its own."""

    def __init__(self, other):
        super().__init__()
        self.other = [other]  # a list, so that the weight counts once
        self.bias = nn.Parameter(torch.empty(other.in_features).uniform_(-0.3, 0.3))

    def forward(self, values):
        return nn.functional.linear(values, self.other[0].weight.T, self.bias)


def conv(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1)


def conv_transpose(inputs, outputs, small, large):
    """From pictures of size `small` to size `large`, both (rows, columns)."""
    padding = tuple(to + 1 - 2 * of for of, to in zip(small, large))
    return nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=padding)


def over_steps(kind):
    """The module class `kind`, which reads [samples, features, steps], for sequences [samples, steps, features]."""

    class OverSteps(kind):
        def forward(self, values):
            return super().forward(values.transpose(1, 2)).transpose(1, 2)

    return OverSteps


def one_channel(kind):
    """The module class `kind`, which reads pictures, for sequences as one channel of steps and features."""

    class OneChannel(kind):
        def forward(self, values):
            return super().forward(values.unsqueeze(1)).squeeze(1)

    return OneChannel


def conv1d(inputs, outputs, stride=1):
    return over_steps(nn.Conv1d)(inputs, outputs, 3, stride=stride, padding=1)


def conv1d_transpose(inputs, outputs, small, large):
    """From `small` to `large` steps."""
    padding = large + 1 - 2 * small
    return over_steps(nn.ConvTranspose1d)(inputs, outputs, 3, stride=2, padding=1, output_padding=padding)


def max_pool():
    return nn.MaxPool2d(2, ceil_mode=True)


def max_pool_steps():
    return over_steps(nn.MaxPool1d)(2, ceil_mode=True)


class Resize(nn.Module):
    """Nearest-neighbour resizing, to the rows and columns of a picture or the steps of a sequence."""

    def __init__(self, *size):
        super().__init__()
        self.size = size

    def forward(self, values):
        if values.dim() == 4:
            return nn.functional.interpolate(values, self.size, mode="nearest")
        return nn.functional.interpolate(values.transpose(1, 2), self.size, mode="nearest").transpose(1, 2)


class Lstm(nn.LSTM):
    """The state after every step, from a state of zeros."""

    def __init__(self, inputs, units):
        super().__init__(inputs, units, batch_first=True)

    def forward(self, values):
        return super().forward(values)[0]


class Gru(nn.GRU):
    """The state after every step, from a state of zeros."""

    def __init__(self, inputs, units):
        super().__init__(inputs, units, batch_first=True)

    def forward(self, values):
        return super().forward(values)[0]


def transformer(width, heads, hidden):
    return nn.TransformerEncoderLayer(width, heads, hidden, dropout=0.0, batch_first=True)


class Positions(nn.Module):
    """Adds sines (even features) and cosines (odd ones) of the step (Vaswani et al. 2017, section 3.5)."""

    def forward(self, values):
        _, steps, features = values.shape
        table = torch.empty(steps, features, dtype=values.dtype)
        for step in range(steps):
            for feature in range(features):
                angle = step / 10_000 ** (feature // 2 * 2 / features)
                table[step, feature] = math.cos(angle) if feature % 2 else math.sin(angle)
        return values + table


class Residual(nn.Module):
    """`values + second(relu(first(values)))` (He et al. 2016); the activation after the sum is that of its Layer."""

    def __init__(self, make, channels):
        super().__init__()
        self.first, self.second = make(channels, channels), make(channels, channels)

    def forward(self, values):
        return values + self.second(torch.relu(self.first(values)))


class Highway(nn.Module):
    """`gate * relu(transform(values)) + (1 - gate) * values` (Srivastava et al. 2015)."""

    def __init__(self, width):
        super().__init__()
        self.transform, self.gate = Dense(width, width), Dense(width, width)

    def forward(self, values):
        gate = torch.sigmoid(self.gate(values))
        return gate * torch.relu(self.transform(values)) + (1 - gate) * values


class LastStep(nn.Module):
    def forward(self, values):
        return values[:, -1]


class Repeat(nn.Module):
    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def forward(self, values):
        return values.unsqueeze(1).expand(-1, self.steps, -1)


class Rows(nn.Module):
    """A picture's rows as steps: the first channel's columns, then the second's, and so on."""

    def forward(self, values):
        return values.transpose(1, 2).flatten(2)


class SequenceToPicture(nn.Module):
    """Steps as the rows of a picture."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, values):
        return values.unflatten(2, (self.channels, -1)).transpose(1, 2)


class TopK(nn.Module):
    """Sets all but the `active` largest numbers of each code to 0 (Makhzani and Frey 2014)."""

    def __init__(self, active):
        super().__init__()
        self.active = active

    def forward(self, code):
        kept = code.topk(self.active, dim=1).indices
        return code * torch.zeros_like(code).scatter(1, kept, 1.0)
