"""Bottlenecks and heads: variational, vector-quantised, top-k, classifier, discriminator, learnt variance.

In addition to what every network records:

- variational: `mu`, `logvar`, the random `epsilon` [S, size], `z` = mu + exp(logvar / 2) epsilon, which the decoder
  reads, and `kl_divergence`: the closed form of the divergence from the standard normal, summed over the code, averaged
  over samples and divided by the number of input values. The loss adds it, times 1.
- quantised: `z_e`, `indices` (of the nearest codebook vectors, position by position), `codebook_error` and
  `commitment`, both the mean squared distance of `z_e` and `code`; the first trains the codebook, the second the
  encoder. The loss adds the first and a quarter of the second. Gradients pass straight through from the code to `z_e`.
- classifier: `logits`, `labels`, `classification` in nats; the loss adds a tenth of it.
- discriminator: `real`, its logits for `prior` [S, size]; `fake`, those for the code; `real_loss` and `fake_loss`, the
  cross-entropies for labels 1 and 0; `generator_loss`, that of `fake` for label 1. The loss adds 0.003 times
  `generator_loss`; `discriminator_gradients/...` are those of the mean of `real_loss` and `fake_loss`.
- learnt variance: the loss is the Gaussian negative log-likelihood in nats, the mean over all values.
"""

import math

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, mse_loss

from layers import Dense, LastStep, Layer, Lstm, Repeat, TopK, conv, conv1d, conv_transpose
from network import Fixture, Network, conv_block, dense_block, spec

VECTOR, PICTURE, SERIES = (16, 1, 1), (1, 6, 5), (1, 5, 4)
ACT = {"activation": "gelu"}


class Variational(Network):
    """A mean and a log variance for each number of the code (Kingma and Welling 2014)."""

    def __init__(self, *parts, log_variance, **others):
        super().__init__(*parts, **others)
        self.log_variance = Layer(log_variance)

    def own_tensors(self):
        return {f"bottleneck.log_variance.{name}": of for name, of in self.log_variance.named_tensors().items()}

    def terms(self, rows):
        mu = self.encode(rows)
        logvar = self.log_variance(self.outputs[-1] if self.outputs else rows)
        epsilon = torch.randn(mu.shape, dtype=torch.float32).double()
        z = mu + torch.exp(logvar / 2) * epsilon
        output = self.decode(z)
        nats = (mu**2 + logvar.exp() - 1 - logvar).sum(1) / 2
        kl_divergence = nats.mean() / rows.shape[1]
        return {
            "mu": mu, "logvar": logvar, "epsilon": epsilon, "z": z, "code": mu, "kl_divergence": kl_divergence,
            "output": output, "loss": mse_loss(output, rows) + kl_divergence,
        }  # fmt: skip


class Quantised(Network):
    """The nearest of `codes` vectors at every position (van den Oord et al. 2017)."""

    def __init__(self, *parts, codes, dimension, **others):
        super().__init__(*parts, **others)
        self.codebook = nn.Parameter(torch.randn(codes, dimension) / 4)

    def own_tensors(self):
        return {"bottleneck.codebook": self.codebook}

    def terms(self, rows):
        z_e = self.encode(rows)
        is_picture = z_e.dim() == 4
        positions = z_e.permute(0, 2, 3, 1) if is_picture else z_e
        vectors = positions.reshape(-1, self.codebook.shape[1])
        indices = torch.cdist(vectors, self.codebook).argmin(1)
        z_q = self.codebook[indices].reshape(positions.shape)
        z_q = z_q.permute(0, 3, 1, 2) if is_picture else z_q
        codebook_error, commitment = mse_loss(z_q, z_e.detach()), mse_loss(z_e, z_q.detach())
        output = self.decode(z_e + (z_q - z_e).detach())
        return {
            "z_e": z_e, "indices": indices.reshape(len(rows), -1), "code": z_q,
            "codebook_error": codebook_error, "commitment": commitment, "output": output,
            "loss": mse_loss(output, rows) + codebook_error + 0.25 * commitment,
        }  # fmt: skip


class Classified(Network):
    def terms(self, rows):
        labels = torch.arange(len(rows)) % self.head[0].weights.out_features
        code = self.encode(rows)
        logits, output = self.head[0](code), self.decode(code)
        classification = cross_entropy(logits, labels)
        return {
            "labels": labels, "code": code, "logits": logits, "output": output, "classification": classification,
            "loss": mse_loss(output, rows) + 0.1 * classification,
        }  # fmt: skip


class Adversarial(Network):
    """A discriminator on the code (Makhzani et al. 2016)."""

    def __init__(self, *parts, discriminator, **others):
        super().__init__(*parts, **others)
        self.discriminator = nn.ModuleList(discriminator)
        self.own_gradients = {}

    def own_tensors(self):
        return {
            f"discriminator.{index}.{name}": tensor
            for index, layer in enumerate(self.discriminator)
            for name, tensor in layer.named_tensors().items()
        }

    def discriminate(self, code):
        for layer in self.discriminator:
            code = layer(code)
        return code

    def terms(self, rows):
        code = self.encode(rows)
        output, fake = self.decode(code), self.discriminate(code)
        prior = torch.randn(code.shape, dtype=torch.float32).double()
        real, detached = self.discriminate(prior), self.discriminate(code.detach())
        real_loss = binary_cross_entropy_with_logits(real, torch.ones_like(real))
        fake_loss = binary_cross_entropy_with_logits(detached, torch.zeros_like(fake))
        generator_loss = binary_cross_entropy_with_logits(fake, torch.ones_like(fake))
        tensors = self.own_tensors()
        gradients = torch.autograd.grad((real_loss + fake_loss) / 2, list(tensors.values()))
        self.own_gradients = dict(zip(tensors, gradients))
        return {
            "code": code, "prior": prior, "real": real, "fake": fake, "real_loss": real_loss, "fake_loss": fake_loss,
            "generator_loss": generator_loss, "output": output,
            "loss": mse_loss(output, rows) + 0.003 * generator_loss,
        }  # fmt: skip


class LearntVariance(Network):
    """One variance for all values (Rybkin et al. 2021)."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.log_variance = nn.Parameter(torch.tensor([-3.0]))

    def own_tensors(self):
        return {"output.log_variance": self.log_variance}

    def terms(self, rows):
        code = self.encode(rows)
        output = self.decode(code)
        squares = (output - rows) ** 2 / self.log_variance.exp()
        return {"code": code, "output": output, "loss": (squares + self.log_variance + math.log(2 * math.pi)).mean() / 2}


def fixture():
    cases = Fixture()
    add_variational(cases)
    add_quantised(cases)
    top = {"top_k": {"size": 6, "active": 2}}
    cases.add("top_k", spec(VECTOR, [dense_block(8)], top, **ACT), top_k, samples=5)
    plain = {"dense": {"size": 4, "activation": "linear"}}
    of = spec(VECTOR, [dense_block(8)], plain, head={"classes": 3}, **ACT)
    cases.add("classifier", of, lambda: dense(Classified, 4, head=[Dense(4, 3)]), samples=5)
    of = spec(VECTOR, [dense_block(8)], plain, learnt_variance=True, **ACT)
    cases.add("learnt_variance", of, lambda: dense(LearntVariance, 4))
    add_adversarial(cases)
    return cases


def dense(kind, code, **others):
    decoder = [Layer(Dense(code, 8), "gelu"), Layer(Dense(8, 16), "sigmoid")]
    return kind((16,), [Layer(Dense(16, 8), "gelu")], [Dense(8, code)], decoder, **others)


def top_k():
    decoder = [Layer(Dense(6, 8), "gelu"), Layer(Dense(8, 16), "sigmoid")]
    return Network((16,), [Layer(Dense(16, 8), "gelu")], [Dense(8, 6), TopK(2)], decoder)


def add_variational(cases):
    code = {"variational": {"size": 3}}
    cases.add("vae", spec(VECTOR, [dense_block(8)], code, **ACT), lambda: dense(Variational, 3, log_variance=Dense(8, 3)))
    cases.add("vae_conv", spec(PICTURE, [conv_block(3)], code, **ACT), variational_pictures)
    cases.add("vae_lstm", spec(SERIES, [{"lstm": {"units": 5}}], code, **ACT), variational_series)


def variational_pictures():
    decoder = [Layer(Dense(3, 27, (3, 3, 3)), "gelu"), Layer(conv_transpose(3, 1, (3, 3), (6, 5)), "sigmoid")]
    encoder = [Layer(conv(1, 3, 2), "gelu")]
    return Variational(PICTURE, encoder, [Dense(27, 3)], decoder, log_variance=Dense(27, 3))


def variational_series():
    decoder = [Repeat(5), Lstm(3, 5), Layer(nn.Linear(5, 4), "sigmoid")]
    return Variational(SERIES[1:], [Lstm(4, 5), LastStep()], [Dense(5, 3)], decoder, log_variance=Dense(5, 3))


def add_quantised(cases):
    quantised = lambda dimension: {"vector_quantised": {"codes": 5, "dimension": dimension}}  # noqa: E731
    cases.add("vq_vector", spec(VECTOR, [dense_block(12)], quantised(4), **ACT), quantised_vectors)
    cases.add("vq_conv", spec(PICTURE, [conv_block(3)], quantised(2), **ACT), quantised_pictures)
    cases.add("vq_lstm", spec(SERIES, [{"lstm": {"units": 5}}], quantised(2), **ACT), quantised_series)
    of = spec(SERIES, [{"conv1d": {"channels": 4, "scaling": "keep"}}], quantised(2), **ACT)
    cases.add("vq_conv1d", of, quantised_convolution)


def quantised_vectors():
    """A code of twelve numbers is three vectors of four."""
    decoder = [Layer(Dense(12, 16), "sigmoid")]
    return Quantised((16,), [Layer(Dense(16, 12), "gelu")], [], decoder, codes=5, dimension=4)


def quantised_pictures():
    decoder = [Layer(conv(2, 3), "gelu"), Layer(conv_transpose(3, 1, (3, 3), (6, 5)), "sigmoid")]
    return Quantised(PICTURE, [Layer(conv(1, 3, 2), "gelu")], [conv(3, 2)], decoder, codes=5, dimension=2)


def quantised_series():
    decoder = [Lstm(2, 5), Layer(nn.Linear(5, 4), "sigmoid")]
    return Quantised(SERIES[1:], [Lstm(4, 5)], [nn.Linear(5, 2)], decoder, codes=5, dimension=2)


def quantised_convolution():
    decoder = [Layer(nn.Linear(2, 4), "gelu"), Layer(conv1d(4, 4), "sigmoid")]
    return Quantised(SERIES[1:], [Layer(conv1d(4, 4), "gelu")], [nn.Linear(4, 2)], decoder, codes=5, dimension=2)


def add_adversarial(cases):
    name, code = "adversarial", {"adversarial": {"size": 2, "prior": "gaussian", "hidden": 6}}
    layers = lambda: [Layer(Dense(2, 6), "leaky_relu"), Layer(Dense(6, 6), "leaky_relu"), Layer(Dense(6, 1))]  # noqa: E731
    networks = []
    build = lambda: networks.append(dense(Adversarial, 2, discriminator=layers())) or networks[0]  # noqa: E731
    cases.add(name, spec(VECTOR, [dense_block(8)], code, **ACT), build, samples=5)
    cases.record(name, networks[0].own_gradients, "discriminator_gradients/")
