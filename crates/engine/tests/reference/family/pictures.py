"""Convolutional networks. Odd sizes on purpose: 7x9 becomes 4x5 and then 2x3."""

from torch import nn

from layers import Dense, Layer, Residual, Resize, conv, conv_transpose, max_pool
from network import Fixture, Network, conv_block, dense_block, dense_code, spec

ODD = (1, 7, 9)
FULL, HALF, QUARTER = (7, 9), (4, 5), (2, 3)
NORMS = {
    "batch": ("batch", nn.BatchNorm2d),
    "layer": ("layer", lambda channels: nn.GroupNorm(1, channels)),
    "group": ({"group": {"groups": 2}}, lambda channels: nn.GroupNorm(2, channels)),
}


def fixture():
    cases = Fixture()
    two, act = [conv_block(3), conv_block(4)], {"activation": "gelu"}
    cases.add("conv_stride", spec(ODD, two, "direct", **act), stride)
    cases.add("conv_stride_even", spec((3, 8, 6), [conv_block(4)], "direct", **act), even)
    cases.add("conv_to_vector", spec(ODD, two, dense_code(5, "tanh"), **act), to_vector)
    pooled = [conv_block(3, "pool"), conv_block(4, "pool")]
    cases.add("conv_pool", spec(ODD, pooled, "direct", **act), pool)
    kept = [conv_block(3, "keep"), conv_block(4)]
    cases.add("conv_keep", spec(ODD, kept, "direct", **act), keep)
    cases.add("conv_then_dense", spec(ODD, [conv_block(3), dense_block(8)], dense_code(4), **act), then_dense)

    cases.add("u_net", spec(ODD, two, dense_code(5, "tanh"), skips=True, **act), u_net)
    cases.add("u_net_direct", spec(ODD, two, "direct", skips=True, **act), u_net_direct)
    cases.add("u_net_pool", spec(ODD, pooled, dense_code(5), skips=True, **act), u_net_pool)

    cases.add("conv_residual", spec(ODD, [conv_block(3), "residual"], "direct", **act), residual)
    for name, (norm, make) in NORMS.items():
        of = spec(ODD, [conv_block(4), conv_block(6)], dense_code(5, "tanh"), normalisation=norm, **act)
        cases.add(f"conv_{name}_norm", of, lambda: normalised(make))

    decoder = {"blocks": [dense_block(6), conv_block(4), conv_block(3, "pool"), conv_block(2, "keep")]}
    of = spec(ODD, two, dense_code(5), decoder=decoder, **act)
    cases.add("conv_own_decoder", of, own_decoder)
    decoder = {"blocks": [conv_block(3), "residual"]}
    of = spec((1, 6, 8), [dense_block(8)], dense_code(5), decoder=decoder, **act)
    cases.add("conv_decoder_of_a_dense_encoder", of, short_decoder)
    return cases


def down():
    return [Layer(conv(1, 3, 2), "gelu"), Layer(conv(3, 4, 2), "gelu")]


def up():
    return [
        Layer(conv_transpose(4, 3, QUARTER, HALF), "gelu"),
        Layer(conv_transpose(3, 1, HALF, FULL), "sigmoid"),
    ]


def stride():
    return Network(ODD, down(), [], up())


def even():
    decoder = [Layer(conv_transpose(4, 3, (4, 3), (8, 6)), "sigmoid")]
    return Network((3, 8, 6), [Layer(conv(3, 4, 2), "gelu")], [], decoder)


def to_vector():
    unfold = Layer(Dense(5, 24, (4, *QUARTER)), "gelu")
    return Network(ODD, down(), [Layer(Dense(24, 5), "tanh")], [unfold, *up()])


def pool():
    return Network(
        ODD,
        [Layer(conv(1, 3), "gelu"), max_pool(), Layer(conv(3, 4), "gelu"), max_pool()],
        [],
        [Resize(*HALF), Layer(conv(4, 3), "gelu"), Resize(*FULL), Layer(conv(3, 1), "sigmoid")],
    )


def keep():
    return Network(
        ODD,
        [Layer(conv(1, 3), "gelu"), Layer(conv(3, 4, 2), "gelu")],
        [],
        [Layer(conv_transpose(4, 3, HALF, FULL), "gelu"), Layer(conv(3, 1), "sigmoid")],
    )


def then_dense():
    return Network(
        ODD,
        [Layer(conv(1, 3, 2), "gelu"), Layer(Dense(60, 8), "gelu")],
        [Dense(8, 4)],
        [
            Layer(Dense(4, 8), "gelu"),
            Layer(Dense(8, 60, (3, *HALF)), "gelu"),
            Layer(conv_transpose(3, 1, HALF, FULL), "sigmoid"),
        ],
    )


def u_net():
    decoder = [
        Layer(Dense(5, 24, (4, *QUARTER)), "gelu"),
        Layer(conv_transpose(4 + 4, 3, QUARTER, HALF), "gelu"),
        Layer(conv_transpose(3 + 3, 1, HALF, FULL), "sigmoid"),
    ]
    return Network(ODD, down(), [Layer(Dense(24, 5), "tanh")], decoder, skips={1: 1, 2: 0})


def u_net_direct():
    decoder = [
        Layer(conv_transpose(4, 3, QUARTER, HALF), "gelu"),
        Layer(conv_transpose(3 + 3, 1, HALF, FULL), "sigmoid"),
    ]
    return Network(ODD, down(), [], decoder, skips={1: 0})


def u_net_pool():
    return Network(
        ODD,
        [Layer(conv(1, 3), "gelu"), max_pool(), Layer(conv(3, 4), "gelu"), max_pool()],
        [Dense(24, 5)],
        [
            Layer(Dense(5, 24, (4, *QUARTER)), "gelu"),
            Resize(*HALF),
            Layer(conv(4 + 4, 3), "gelu"),
            Resize(*FULL),
            Layer(conv(3 + 3, 1), "sigmoid"),
        ],
        skips={1: 3, 3: 1},
    )


def residual():
    same = lambda: Layer(Residual(conv, 3), "gelu")  # noqa: E731
    decoder = [same(), Layer(conv_transpose(3, 1, HALF, FULL), "sigmoid")]
    return Network(ODD, [Layer(conv(1, 3, 2), "gelu"), same()], [], decoder)


def normalised(norm):
    return Network(
        ODD,
        [Layer(conv(1, 4, 2), "gelu", norm(4)), Layer(conv(4, 6, 2), "gelu", norm(6))],
        [Layer(Dense(36, 5), "tanh")],
        [
            Layer(Dense(5, 36, (6, *QUARTER)), "gelu", norm(6)),
            Layer(conv_transpose(6, 4, QUARTER, HALF), "gelu", norm(4)),
            Layer(conv_transpose(4, 1, HALF, FULL), "sigmoid"),
        ],
    )


def own_decoder():
    """The first picture is as small as the encoder's last; doubling passes through the sizes that halving made."""
    return Network(
        ODD,
        down(),
        [Dense(24, 5)],
        [
            Layer(Dense(5, 6), "gelu"),
            Layer(Dense(6, 24, (4, *QUARTER)), "gelu"),
            Layer(conv_transpose(4, 4, QUARTER, HALF), "gelu"),
            Resize(*FULL),
            Layer(conv(4, 3), "gelu"),
            Layer(conv(3, 2), "gelu"),
            Layer(conv(2, 1), "sigmoid"),
        ],
    )


def short_decoder():
    """One doubling does not reach the size of the input: a dense layer does."""
    return Network(
        (48,),
        [Layer(Dense(48, 8), "gelu")],
        [Dense(8, 5)],
        [
            Layer(Dense(5, 12, (3, 2, 2)), "gelu"),
            Layer(conv_transpose(3, 3, (2, 2), (3, 4)), "gelu"),
            Layer(Residual(conv, 3), "gelu"),
            Layer(Dense(36, 48), "sigmoid"),
        ],
    )
