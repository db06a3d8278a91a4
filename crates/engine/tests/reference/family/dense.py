"""Networks of dense layers."""

from torch import nn

from layers import ACTIVATIONS, Dense, Highway, Layer, Residual, Tied, TopK
from network import Fixture, Network, dense_block, dense_code, spec

VECTOR = (18, 1, 1)
NORMS = {
    "batch": ("batch", nn.BatchNorm1d),
    "layer": ("layer", nn.LayerNorm),
    "group": ({"group": {"groups": 4}}, lambda width: nn.GroupNorm(4, width)),
}


def hourglass(activation, code, output):
    """18-10-4-10-18."""
    return Network(
        (18,),
        [Layer(Dense(18, 10), activation)],
        [Layer(Dense(10, 4), code)],
        [Layer(Dense(4, 10), activation), Layer(Dense(10, 18), output)],
    )


def fixture():
    cases = Fixture()
    for activation in ACTIVATIONS:
        of = spec(VECTOR, [dense_block(10)], dense_code(4, activation), activation=activation)
        cases.add(f"dense_{activation}", of, lambda: hourglass(activation, activation, "sigmoid"))
        of = spec(VECTOR, [dense_block(10)], dense_code(4), activation="tanh", output_activation=activation)
        cases.add(f"output_{activation}", of, lambda: hourglass("tanh", "linear", activation))

    of = spec((1, 5, 4), [], dense_code(6, "tanh"), output_activation="linear")
    cases.add("no_block", of, lambda: Network((20,), [], [Layer(Dense(20, 6), "tanh")], [Dense(6, 20)]))

    of = spec(VECTOR, [dense_block(12), dense_block(7)], "direct", activation="silu")
    cases.add("direct_code", of, direct)

    for name, (norm, make) in NORMS.items():
        of = spec(VECTOR, [dense_block(12)], dense_code(4, "tanh"), activation="gelu", normalisation=norm)
        cases.add(f"dense_{name}_norm", of, lambda: normalised(make), samples=5)

    of = spec(VECTOR, [dense_block(10)], dense_code(4, "tanh"), activation="gelu", tied=True)
    cases.add("tied", of, lambda: tied([]))
    of = spec(VECTOR, [dense_block(10)], {"top_k": {"size": 4, "active": 2}}, activation="gelu", tied=True)
    cases.add("tied_top_k", of, lambda: tied([TopK(2)]))
    of = spec(VECTOR, [dense_block(10), dense_block(5)], "direct", activation="gelu", tied=True)
    cases.add("tied_direct", of, tied_direct)

    of = spec(VECTOR, [dense_block(8), "residual"], dense_code(4), activation="elu")
    cases.add("dense_residual", of, residual)
    decoder = {"blocks": [dense_block(6), "residual", dense_block(9)]}
    of = spec(VECTOR, [dense_block(8)], dense_code(4), activation="tanh", decoder=decoder)
    cases.add("dense_own_decoder", of, own_decoder)

    of = spec(VECTOR, [dense_block(8), "highway"], dense_code(4), activation="elu")
    cases.add("dense_highway", of, highway)
    return cases


def direct():
    return Network(
        (18,),
        [Layer(Dense(18, 12), "silu"), Layer(Dense(12, 7), "silu")],
        [],
        [Layer(Dense(7, 12), "silu"), Layer(Dense(12, 18), "sigmoid")],
    )


def normalised(norm):
    return Network(
        (18,),
        [Layer(Dense(18, 12), "gelu", norm(12))],
        [Layer(Dense(12, 4), "tanh")],
        [Layer(Dense(4, 12), "gelu", norm(12)), Layer(Dense(12, 18), "sigmoid")],
    )


def tied(code):
    outer, inner = Dense(18, 10), Dense(10, 4)
    return Network(
        (18,),
        [Layer(outer, "gelu")],
        [Layer(inner, "linear" if code else "tanh"), *code],
        [Layer(Tied(inner), "gelu"), Layer(Tied(outer), "sigmoid")],
    )


def tied_direct():
    outer, inner = Dense(18, 10), Dense(10, 5)
    return Network(
        (18,),
        [Layer(outer, "gelu"), Layer(inner, "gelu")],
        [],
        [Layer(Tied(inner), "gelu"), Layer(Tied(outer), "sigmoid")],
    )


def residual():
    return Network(
        (18,),
        [Layer(Dense(18, 8), "elu"), Layer(Residual(Dense, 8), "elu")],
        [Dense(8, 4)],
        [Layer(Dense(4, 8), "elu"), Layer(Residual(Dense, 8), "elu"), Layer(Dense(8, 18), "sigmoid")],
    )


def highway():
    return Network(
        (18,),
        [Layer(Dense(18, 8), "elu"), Highway(8)],
        [Dense(8, 4)],
        [Layer(Dense(4, 8), "elu"), Highway(8), Layer(Dense(8, 18), "sigmoid")],
    )


def own_decoder():
    return Network(
        (18,),
        [Layer(Dense(18, 8), "tanh")],
        [Dense(8, 4)],
        [
            Layer(Dense(4, 6), "tanh"),
            Layer(Residual(Dense, 6), "tanh"),
            Layer(Dense(6, 9), "tanh"),
            Layer(Dense(9, 18), "sigmoid"),
        ],
    )
