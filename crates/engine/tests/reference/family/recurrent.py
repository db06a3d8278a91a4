"""Networks that read steps one after the other: LSTM and GRU."""

from torch import nn

from layers import (
    Dense, Gru, LastStep, Layer, Lstm, Repeat, Rows, SequenceToPicture, conv, conv1d, conv1d_transpose, conv_transpose,
)  # fmt: skip
from network import Fixture, Network, conv1d_block, conv_block, dense_block, dense_code, spec
from sequences import ACT, COLOUR, GRU, LSTM, SERIES, VECTOR


def fixture():
    cases = Fixture()
    for name, block, make in (("lstm", LSTM, Lstm), ("gru", GRU, Gru)):
        cases.add(name, spec(SERIES, [block], dense_code(3), **ACT), lambda: last_state(make))
        cases.add(f"{name}_direct", spec(SERIES, [block], "direct", **ACT), lambda: all_states(make))
        cases.add(f"{name}_vector", spec(VECTOR, [block], dense_code(3), **ACT), lambda: of_values(make))
        cases.add(f"{name}_colour", spec(COLOUR, [block], dense_code(3), **ACT), lambda: of_rows(make))
    deep = [{"lstm": {"units": 6}}, LSTM]
    cases.add("lstm_lstm", spec(SERIES, deep, dense_code(3), **ACT), lambda: stacked(Lstm, Lstm))
    cases.add("gru_lstm", spec(SERIES, [{"gru": {"units": 6}}, LSTM], dense_code(3), **ACT), lambda: stacked(Gru, Lstm))
    cases.add("conv1d_lstm", spec(SERIES, [conv1d_block(4), LSTM], dense_code(3), **ACT), after_convolution)
    cases.add("conv_lstm", spec((1, 8, 6), [conv_block(2), LSTM], dense_code(3), **ACT), after_picture)
    cases.add("dense_lstm", spec(SERIES, [dense_block(8), LSTM], dense_code(3), **ACT), after_dense)
    of = spec(SERIES, [dense_block(8)], dense_code(3), decoder={"blocks": [GRU]}, **ACT)
    cases.add("gru_own_decoder", of, own_recurrent)
    return cases


def last_state(make):
    decoder = [Repeat(7), make(3, 4), Layer(nn.Linear(4, 5), "sigmoid")]
    return Network(SERIES[1:], [make(5, 4), LastStep()], [Dense(4, 3)], decoder)


def all_states(make):
    return Network(SERIES[1:], [make(5, 4)], [], [make(4, 4), Layer(nn.Linear(4, 5), "sigmoid")])


def of_values(make):
    decoder = [Repeat(10), make(3, 4), Layer(nn.Linear(4, 1), "sigmoid")]
    return Network((10, 1), [make(1, 4), LastStep()], [Dense(4, 3)], decoder)


def of_rows(make):
    decoder = [Repeat(4), make(3, 4), Layer(nn.Linear(4, 15), "sigmoid"), SequenceToPicture(3)]
    return Network(COLOUR, [Rows(), make(15, 4), LastStep()], [Dense(4, 3)], decoder)


def stacked(first, second):
    decoder = [Repeat(7), second(3, 4), first(4, 6), Layer(nn.Linear(6, 5), "sigmoid")]
    return Network(SERIES[1:], [first(5, 6), second(6, 4), LastStep()], [Dense(4, 3)], decoder)


def after_convolution():
    """Both have four features: the recurrent layer's states are what the convolution reads."""
    decoder = [Repeat(4), Lstm(3, 4), Layer(conv1d_transpose(4, 5, 4, 7), "sigmoid")]
    return Network(SERIES[1:], [Layer(conv1d(5, 4, 2), "gelu"), Lstm(4, 4), LastStep()], [Dense(4, 3)], decoder)


def after_picture():
    decoder = [
        Repeat(4),
        Lstm(3, 4),
        Layer(nn.Linear(4, 6), "gelu"),
        SequenceToPicture(2),
        Layer(conv_transpose(2, 1, (4, 3), (8, 6)), "sigmoid"),
    ]
    encoder = [Layer(conv(1, 2, 2), "gelu"), Rows(), Lstm(6, 4), LastStep()]
    return Network((1, 8, 6), encoder, [Dense(4, 3)], decoder)


def after_dense():
    decoder = [Repeat(8), Lstm(3, 4), Layer(nn.Linear(4, 1), "gelu"), Layer(Dense(8, 35), "sigmoid")]
    encoder = [Layer(Dense(35, 8, (8, 1)), "gelu"), Lstm(1, 4), LastStep()]
    return Network((35,), encoder, [Dense(4, 3)], decoder)


def own_recurrent():
    decoder = [Repeat(7), Gru(3, 4), Layer(nn.Linear(4, 5), "sigmoid")]
    return Network((35,), [Layer(Dense(35, 8), "gelu")], [Dense(8, 3)], decoder)
