"""An autoencoder of PyTorch layers, and the tensors of it that a fixture records.

For each case `NAME`, with S samples of V values:

    NAME/input [S, V]              rows of values (channel, row, column)
    NAME/weights/encoder.0.weight  every tensor before the step, named and shaped as in a model file
    NAME/code, NAME/output         in training mode, flattened to rows
    NAME/loss [1]                  mean squared error of output and input, plus the terms of the case
    NAME/gradients/...             of the loss, for every trained tensor
    NAME/trained/...               running statistics after the training step (batch normalisation only). PyTorch counts
                                   n / (n - 1) times the batch's variance; Burn, and so these, the variance itself
    NAME/evaluated                 output in evaluation with those statistics (batch normalisation only)

The file's metadata hold, for each case, {"network": its NetworkSpec, "parameters": number of parameters}. Everything is
computed in 64 bits, from weights that 32 bits hold exactly.
"""

import math

import torch
from torch import nn

from fixture import File, seed_by
from layers import Layer


class Network(nn.Module):
    """Lists of layers. `reads` is the shape in which the first layer reads a sample; `skips` maps the index of a decoder
    layer to that of the encoder layer whose output it reads too."""

    def __init__(self, reads, encoder, bottleneck, decoder, skips=None, head=None):
        super().__init__()
        as_layer = lambda module: module if isinstance(module, Layer) else Layer(module)  # noqa: E731
        self.reads, self.skips = reads, skips or {}
        self.encoder, self.bottleneck, self.decoder, self.head = (
            nn.ModuleList(map(as_layer, part)) for part in (encoder, bottleneck, decoder, head or [])
        )
        self.outputs = []

    def encode(self, rows):
        values = rows.unflatten(1, self.reads)
        self.outputs = []
        for layer in self.encoder:
            values = layer(values)
            self.outputs.append(values)
        for layer in self.bottleneck:
            values = layer(values)
        return values

    def decode(self, values):
        for index, layer in enumerate(self.decoder):
            if index in self.skips:
                values = torch.cat([values, self.outputs[self.skips[index]]], 1)
            values = layer(values)
        return values.flatten(1)

    def named_tensors(self):
        tensors = {}
        for part in ("encoder", "bottleneck", "decoder", "head"):
            for index, layer in enumerate(getattr(self, part)):
                tensors |= {f"{part}.{index}.{name}": tensor for name, tensor in layer.named_tensors().items()}
        return tensors | self.own_tensors()

    def own_tensors(self):
        """Tensors that belong to no layer from input to reconstruction."""
        return {}

    def terms(self, rows):
        """Tensors to record; `loss` is differentiated."""
        code = self.encode(rows)
        output = self.decode(code)
        return {"code": code, "output": output, "loss": nn.functional.mse_loss(output, rows)}


class Fixture(File):
    def add(self, name, spec, build, samples=3):
        """Records a case: the network that `build` returns, described by `spec`."""
        seed_by(name)
        network = build().float()
        _vary(network)
        rows = torch.rand(samples, math.prod(network.reads))
        network, rows = network.double().train(), rows.double()
        before = {tensor: values.detach().clone() for tensor, values in network.named_tensors().items()}

        counts = _watch_batch_norms(network)
        terms = network.terms(rows)
        terms["loss"].backward()
        _undo_bessel(counts, network, before)
        self.record(name, {"input": rows} | {term: _as_rows(values) for term, values in terms.items()})
        self.record(name, before, "weights/")
        trained = dict(_trained(network))
        for tensor, parameter in trained.items():
            # A batch normalisation subtracts the bias of the layer before it.
            is_idle = tensor.replace("bias", "norm.running_mean") in before
            if not is_idle and (parameter.grad is None or parameter.grad.abs().max() < 1e-6):
                raise ValueError(f"{name}: {tensor} has almost no gradient, so nothing would be tested")
        self.record(name, {tensor: parameter.grad for tensor, parameter in trained.items()}, "gradients/")
        if statistics := {t: values for t, values in network.named_tensors().items() if "running" in t}:
            self.record(name, statistics, "trained/")
            self.record(name, {"evaluated": network.eval().terms(rows)["output"]})
        parameters = sum(parameter.numel() for parameter in network.parameters())
        assert parameters == sum(parameter.numel() for parameter in trained.values()), name
        self.spec(name, network=spec, parameters=parameters)


def _as_rows(values):
    return values.flatten(1) if values.dim() > 1 else values.reshape(-1)


def _trained(network):
    return ((tensor, values) for tensor, values in network.named_tensors().items() if isinstance(values, nn.Parameter))


def _vary(network):
    """Varies tensors that PyTorch initialises to 0 or 1, and doubles matrices, so that every term matters."""
    with torch.no_grad():
        for tensor, values in network.named_tensors().items():
            if "norm" in tensor or tensor.endswith("proj_bias") or tensor.endswith("out_proj.bias"):
                values += torch.empty_like(values).uniform_(-0.3, 0.3)
            elif values.dim() > 1:
                values *= 2


def _watch_batch_norms(network):
    """Number of values per channel that each batch normalisation reads, by its running variance."""
    counts = {}

    def count(norm, values):
        counts[norm.running_var] = values[0].numel() / norm.num_features

    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.register_forward_pre_hook(count)
    return counts


def _undo_bessel(counts, network, before):
    """Divides the part of running variances that the training step added by n / (n - 1)."""
    for tensor, variance in network.named_tensors().items():
        if variance in counts:
            decayed = 0.9 * before[tensor]
            variance.copy_(decayed + (variance - decayed) * (1 - 1 / counts[variance]))


def spec(shape, encoder, bottleneck, **others):
    """A NetworkSpec as serde writes it."""
    channels, height, width = shape
    grid = {"channels": channels, "height": height, "width": width}
    return {"input": grid, "encoder": encoder, "bottleneck": bottleneck, **others}


def dense_block(width):
    return {"dense": {"width": width}}


def conv_block(channels, scaling="stride"):
    return {"conv": {"channels": channels, "scaling": scaling}}


def conv1d_block(channels, scaling="stride"):
    return {"conv1d": {"channels": channels, "scaling": scaling}}


def dense_code(size, activation="linear"):
    return {"dense": {"size": size, "activation": activation}}
