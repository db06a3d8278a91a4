"""Networks that read steps side by side: 1-D convolutions and Transformers."""

from torch import nn

from layers import (
    Dense, Gru, LastStep, Layer, Lstm, Positions, Resize, Rows, SequenceToPicture,
    conv1d, conv1d_transpose, max_pool_steps, one_channel, over_steps, transformer,
)  # fmt: skip
from network import Fixture, Network, conv1d_block, dense_code, spec

# Seven steps of five features, or a coloured picture, of which each row is a step of fifteen.
SERIES, COLOUR, VECTOR = (1, 7, 5), (3, 4, 5), (10, 1, 1)
ACT = {"activation": "gelu"}
LSTM, GRU = {"lstm": {"units": 4}}, {"gru": {"units": 4}}
ATTENTION = {"transformer": {"width": 6, "heads": 2, "hidden": 8}}


def fixture():
    cases = Fixture()
    add_convolutions(cases)
    add_transformers(cases)
    return cases


def add_convolutions(cases):
    two = [conv1d_block(4), conv1d_block(3, "pool")]
    cases.add("conv1d", spec(SERIES, two, "direct", **ACT), convolutions)
    cases.add("conv1d_keep", spec(SERIES, [conv1d_block(4, "keep")], dense_code(3), **ACT), kept_size)
    cases.add("conv1d_colour", spec(COLOUR, [conv1d_block(4)], dense_code(3), **ACT), coloured_convolution)
    cases.add("conv1d_vector", spec(VECTOR, [conv1d_block(4)], dense_code(3), **ACT), vector_convolution)
    for name in ("batch", "layer"):
        of = spec(SERIES, [conv1d_block(4)], dense_code(3, "tanh"), normalisation=name, **ACT)
        cases.add(f"conv1d_{name}_norm", of, lambda: normalised(name))
    decoder = {"blocks": [conv1d_block(4), conv1d_block(3, "keep")]}
    cases.add("conv1d_own_decoder", spec(SERIES, [LSTM], dense_code(3), decoder=decoder, **ACT), own_convolutions)


def convolutions():
    return Network(
        SERIES[1:],
        [Layer(conv1d(5, 4, 2), "gelu"), Layer(conv1d(4, 3), "gelu"), max_pool_steps()],
        [],
        [Resize(4), Layer(conv1d(3, 4), "gelu"), Layer(conv1d_transpose(4, 5, 4, 7), "sigmoid")],
    )


def kept_size():
    decoder = [Layer(Dense(3, 28, (7, 4)), "gelu"), Layer(conv1d(4, 5), "sigmoid")]
    return Network(SERIES[1:], [Layer(conv1d(5, 4), "gelu")], [Dense(28, 3)], decoder)


def coloured_convolution():
    unfold = Layer(Dense(3, 8, (2, 4)), "gelu")
    decoder = [unfold, Layer(conv1d_transpose(4, 15, 2, 4), "sigmoid"), SequenceToPicture(3)]
    return Network(COLOUR, [Rows(), Layer(conv1d(15, 4, 2), "gelu")], [Dense(8, 3)], decoder)


def vector_convolution():
    decoder = [Layer(Dense(3, 20, (5, 4)), "gelu"), Layer(conv1d_transpose(4, 1, 5, 10), "sigmoid")]
    return Network((10, 1), [Layer(conv1d(1, 4, 2), "gelu")], [Dense(20, 3)], decoder)


def normalised(name):
    """A dense layer's output is one channel of steps and features; a convolution's features are its channels."""
    if name == "batch":
        of_features, of_channel = over_steps(nn.BatchNorm1d)(4), one_channel(nn.BatchNorm2d)(1)
    else:
        of_features, of_channel = over_steps(nn.GroupNorm)(1, 4), one_channel(nn.GroupNorm)(1, 1)
    return Network(
        SERIES[1:],
        [Layer(conv1d(5, 4, 2), "gelu", of_features)],
        [Layer(Dense(16, 3), "tanh")],
        [Layer(Dense(3, 16, (4, 4)), "gelu", of_channel), Layer(conv1d_transpose(4, 5, 4, 7), "sigmoid")],
    )


def own_convolutions():
    decoder = [
        Layer(Dense(3, 16, (4, 4)), "gelu"),
        Layer(conv1d_transpose(4, 4, 4, 7), "gelu"),
        Layer(conv1d(4, 3), "gelu"),
        Layer(nn.Linear(3, 5), "sigmoid"),
    ]
    return Network(SERIES[1:], [Lstm(5, 4), LastStep()], [Dense(4, 3)], decoder)


def add_transformers(cases):
    cases.add("transformer", spec(SERIES, [ATTENTION], dense_code(3), **ACT), attention)
    cases.add("transformer_direct", spec(SERIES, [ATTENTION], "direct", **ACT), attention_direct)
    cases.add("transformers", spec(SERIES, [ATTENTION, ATTENTION], dense_code(3), **ACT), attention_twice)
    of = spec((1, 5, 6), [ATTENTION], dense_code(3), **ACT)
    cases.add("transformer_of_its_width", of, attention_of_its_width)
    cases.add("transformer_colour", spec(COLOUR, [ATTENTION], dense_code(3), **ACT), attention_to_rows)
    of = spec(SERIES, [GRU], dense_code(3), decoder={"blocks": [ATTENTION]}, **ACT)
    cases.add("transformer_own_decoder", of, own_attention)


def attend():
    return transformer(6, 2, 8)


def attention():
    decoder = [Layer(Dense(3, 42, (7, 6)), "gelu"), Positions(), attend(), Layer(nn.Linear(6, 5), "sigmoid")]
    return Network(SERIES[1:], [nn.Linear(5, 6), Positions(), attend()], [Dense(42, 3)], decoder)


def attention_direct():
    """Positions are there already."""
    decoder = [attend(), Layer(nn.Linear(6, 5), "sigmoid")]
    return Network(SERIES[1:], [nn.Linear(5, 6), Positions(), attend()], [], decoder)


def attention_twice():
    unfold = Layer(Dense(3, 42, (7, 6)), "gelu")
    decoder = [unfold, Positions(), attend(), attend(), Layer(nn.Linear(6, 5), "sigmoid")]
    return Network(SERIES[1:], [nn.Linear(5, 6), Positions(), attend(), attend()], [Dense(42, 3)], decoder)


def attention_of_its_width():
    decoder = [Layer(Dense(3, 30, (5, 6)), "gelu"), Positions(), attend(), Layer(nn.Linear(6, 6), "sigmoid")]
    return Network((5, 6), [Positions(), attend()], [Dense(30, 3)], decoder)


def attention_to_rows():
    unfold = Layer(Dense(3, 24, (4, 6)), "gelu")
    decoder = [unfold, Positions(), attend(), Layer(nn.Linear(6, 15), "sigmoid"), SequenceToPicture(3)]
    return Network(COLOUR, [Rows(), nn.Linear(15, 6), Positions(), attend()], [Dense(24, 3)], decoder)


def own_attention():
    decoder = [Layer(Dense(3, 42, (7, 6)), "gelu"), Positions(), attend(), Layer(nn.Linear(6, 5), "sigmoid")]
    return Network(SERIES[1:], [Gru(5, 4), LastStep()], [Dense(4, 3)], decoder)
