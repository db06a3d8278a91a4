"""Makes layers.safetensors: what PyTorch computes for each block on fixed weights, forward and backward.

    python layers.py layers.safetensors

For each case `NAME`: the weights under the names that a Pinhole model file gives them (`NAME.encoder.0.weight`, ...),
`NAME.input`, `NAME.target`, `NAME.output`, `NAME.loss` and the gradient of the loss for each weight
(`NAME.grad.encoder.0.weight`, ...). Layouts are PyTorch's. src/network/tests/pytorch_parity.rs reads the file.
"""

import sys

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(7)


def dense(shape, code):
    size = shape[0] * shape[1]
    parts = {"encoder": [nn.Linear(size, 12)], "bottleneck": [nn.Linear(12, code)],
             "decoder": [nn.Linear(code, 12), nn.Linear(12, size)]}  # fmt: skip
    return parts


def conv(shape):
    def padding(small, large):
        return large + 1 - 2 * small

    half = [(side + 1) // 2 for side in shape]
    quarter = [(side + 1) // 2 for side in half]
    up = lambda i, o, a, b: nn.ConvTranspose2d(  # noqa: E731
        i, o, 3, stride=2, padding=1, output_padding=(padding(a[0], b[0]), padding(a[1], b[1]))
    )
    return {
        "encoder": [nn.Conv2d(1, 3, 3, stride=2, padding=1), nn.Conv2d(3, 5, 3, stride=2, padding=1)],
        "bottleneck": [],
        "decoder": [up(5, 3, quarter, half), up(3, 1, half, shape)],
    }


def run(parts, images, activation):
    """The engine's rule: an activation after every layer, a sigmoid after the last."""
    layers = [layer for part in ("encoder", "bottleneck", "decoder") for layer in parts[part]]
    values = images
    for layer in layers:
        values = layer(values.flatten(1) if isinstance(layer, nn.Linear) else values)
        values = torch.sigmoid(values) if layer is layers[-1] else activation(values)
    return values.flatten(1)


def case(name, parts, shape, activation, loss):
    images = torch.rand(4, 1, *shape)
    target = torch.rand(4, 1, *shape)
    output = run(parts, images, activation)
    error = loss(output, target.flatten(1))
    error.backward()
    tensors = {"input": images.flatten(1), "target": target.flatten(1), "output": output, "loss": error.reshape(1)}
    for part, layers in parts.items():
        for index, layer in enumerate(layers):
            for kind in ("weight", "bias"):
                parameter = getattr(layer, kind)
                tensors[f"{part}.{index}.{kind}"] = parameter
                tensors[f"grad.{part}.{index}.{kind}"] = parameter.grad
    return {f"{name}.{key}": value.detach().contiguous() for key, value in tensors.items()}


def main():
    mse, bce = nn.functional.mse_loss, nn.functional.binary_cross_entropy
    tensors = {}
    activations = {"relu": torch.relu, "leaky_relu": nn.functional.leaky_relu, "gelu": nn.functional.gelu,
                   "tanh": torch.tanh, "sigmoid": torch.sigmoid, "linear": lambda values: values}  # fmt: skip
    for name, activation in activations.items():
        tensors |= case(f"dense_{name}", dense((6, 5), 4), (6, 5), activation, mse)
    tensors |= case("dense_bce", dense((6, 5), 4), (6, 5), torch.relu, bce)
    tensors |= case("conv_even", conv((8, 12)), (8, 12), torch.relu, mse)
    tensors |= case("conv_odd", conv((9, 7)), (9, 7), torch.relu, mse)
    save_file(tensors, sys.argv[1])


if __name__ == "__main__":
    main()
