//! Tests of layouts: expected layers, and networks that are refused.

use super::*;
use crate::{BlockSpec, BottleneckSpec, DecoderSpec, NetworkSpec, Scaling};

fn sizes(plan: &NetworkPlan) -> Vec<usize> {
    std::iter::once(plan.input.len()).chain(plan.layers.iter().map(|layer| layer.output.len())).collect()
}

#[test]
fn the_default_is_784_256_64_256_784() {
    let plan = NetworkSpec::default().plan().expect("the default is valid");
    assert_eq!(sizes(&plan), [784, 256, 64, 256, 784]);
    assert_eq!(plan.parameters(), 784 * 256 + 256 + 256 * 64 + 64 + 64 * 256 + 256 + 256 * 784 + 784);
    assert_eq!(plan.completeness(), Completeness::Undercomplete);
}

#[test]
fn mirrored_convolutions_restore_the_size() {
    for side in [28, 27, 9, 5] {
        let spec = NetworkSpec {
            input: GridShape { channels: 1, height: side, width: side + 1 },
            encoder: NetworkSpec::conv_blocks(&[32, 64]),
            bottleneck: BottleneckSpec::Direct,
            ..NetworkSpec::default()
        };
        let plan = spec.plan().expect("two halvings fit");
        let up: Vec<_> = plan.part(Part::Decoder).collect();
        assert_eq!(up.last().expect("a decoder").output, spec.input);
        for layer in up {
            let [rows, columns] = layer.output_padding();
            assert_eq!((layer.input.height - 1) * 2 - 2 + 3 + rows, layer.output.height);
            assert_eq!((layer.input.width - 1) * 2 - 2 + 3 + columns, layer.output.width);
        }
    }
}

#[test]
fn a_conv_code_of_feature_maps_is_overcomplete() {
    let spec = NetworkSpec {
        encoder: NetworkSpec::conv_blocks(&[32, 64]),
        bottleneck: BottleneckSpec::Direct,
        ..NetworkSpec::default()
    };
    assert_eq!(spec.plan().expect("valid").completeness(), Completeness::Overcomplete);
}

#[test]
fn a_vector_code_returns_through_feature_maps() {
    let spec = NetworkSpec { encoder: NetworkSpec::conv_blocks(&[8, 16]), ..NetworkSpec::default() };
    let plan = spec.plan().expect("valid");
    assert_eq!(sizes(&plan), [784, 8 * 14 * 14, 16 * 7 * 7, 64, 16 * 7 * 7, 8 * 14 * 14, 784]);
}

#[test]
fn a_latent_size_can_be_set_for_any_network() {
    let mut conv = NetworkSpec {
        encoder: NetworkSpec::conv_blocks(&[32, 64]),
        bottleneck: BottleneckSpec::Direct,
        ..NetworkSpec::default()
    };
    conv.set_latent_size(10);
    let plan = conv.plan().expect("valid");
    assert_eq!((plan.code.len(), plan.completeness()), (10, Completeness::Undercomplete));
    let mut dense = NetworkSpec::default();
    dense.set_latent_size(7);
    assert_eq!(dense.bottleneck, BottleneckSpec::Dense { size: 7, activation: Activation::Relu });
}

#[test]
fn impossible_networks_are_refused_in_words() {
    let zero = NetworkSpec { encoder: NetworkSpec::dense_blocks(&[0]), ..NetworkSpec::default() };
    assert!(zero.plan().expect_err("width 0").to_string().contains("width 0"));
    let deep = NetworkSpec { encoder: NetworkSpec::conv_blocks(&[4; 9]), ..NetworkSpec::default() };
    assert!(deep.plan().expect_err("nine halvings").to_string().contains("too many convolutions"));
}

/// Every bottleneck with every kind of encoder, decoder and input is laid out to the input's shape or refused in words.
#[test]
fn every_combination_ends_in_the_inputs_shape_or_is_refused() {
    let colour = GridShape { channels: 3, height: 32, width: 32 };
    let row = GridShape { channels: 20, height: 1, width: 1 };
    let (mut fit, mut refused) = (0, 0);
    for input in [GridShape::MNIST, colour, row, GridShape { channels: 1, height: 17, width: 64 }] {
        for first in &BlockSpec::ALL {
            for second in &BlockSpec::ALL {
                for bottleneck in BottleneckSpec::ALL {
                    let own = [vec![first.clone()], vec![second.clone(); 3]].map(DecoderSpec::Blocks);
                    for decoder in own.into_iter().chain([DecoderSpec::Mirror]) {
                        let encoder = vec![first.clone(), second.clone()];
                        let bottleneck = bottleneck.clone();
                        let spec = NetworkSpec { input, encoder, bottleneck, decoder, ..NetworkSpec::default() };
                        match spec.plan() {
                            Ok(plan) => {
                                fit += 1;
                                check_chain(&plan, &spec);
                            }
                            Err(error) => {
                                refused += 1;
                                assert!(error.to_string().len() > 20, "{error}");
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(fit > 1_200, "{fit} fit, {refused} were refused");
}

/// Asserts that each layer reads the previous one's output and that the last makes as many values as the input has.
fn check_chain(plan: &NetworkPlan, spec: &NetworkSpec) {
    let mut shape = plan.input;
    for layer in &plan.layers {
        assert_eq!(layer.input.len(), shape.len(), "{spec:?}\n{:#?}", plan.layers);
        let reads_neighbours = matches!(
            layer.kind,
            LayerKind::Conv { .. } | LayerKind::ConvTranspose | LayerKind::Rows | LayerKind::MaxPool
        );
        assert!(!reads_neighbours || layer.input == shape, "{spec:?}\n{:#?}", plan.layers);
        let grows_by = |from: usize, to: usize| to + 1 >= 2 * from && to <= 2 * from;
        let can_double = match layer.kind {
            LayerKind::ConvTranspose => {
                grows_by(layer.input.height, layer.output.height) && grows_by(layer.input.width, layer.output.width)
            }
            LayerKind::Conv1dTranspose => grows_by(layer.input.height, layer.output.height),
            _ => true,
        };
        assert!(can_double, "{spec:?}\n{:#?}", plan.layers);
        shape = layer.output;
    }
    assert_eq!(shape.len(), plan.input.len(), "{spec:?}");
    let last = plan.layers.iter().rfind(|layer| layer.parameters() > 0).expect("some weights");
    assert_eq!(last.activation, spec.output_activation, "{spec:?}");
}

#[test]
fn a_decoder_of_its_own_doubles_up_to_the_input_and_no_further() {
    for (block, most) in [
        (BlockSpec::Conv { channels: 8, scaling: Scaling::Stride }, 2),
        (BlockSpec::Conv { channels: 8, scaling: Scaling::Pool }, 2),
        (BlockSpec::Conv1d { channels: 8, scaling: Scaling::Stride }, 1),
    ] {
        let of =
            |count| NetworkSpec { decoder: DecoderSpec::Blocks(vec![block.clone(); count]), ..NetworkSpec::default() };
        check_chain(&of(most).plan().expect("it reaches the input"), &of(most));
        let error = of(most + 1).plan().expect_err("it is as large as the input");
        assert_eq!(error.block, Some(crate::BlockPlace::Decoder(most)));
        assert!(error.message.contains("nothing is left to double"), "{error}");
    }
}

#[test]
fn a_layer_knows_its_block() {
    let spec = NetworkSpec {
        encoder: vec![BlockSpec::Conv { channels: 8, scaling: Scaling::Pool }, BlockSpec::Dense { width: 32 }],
        ..NetworkSpec::default()
    };
    let blocks =
        |spec: NetworkSpec| -> Vec<_> { spec.plan().expect("valid").layers.iter().map(|layer| layer.block).collect() };
    let down = [Some(0), Some(0), Some(1), None];
    let mirrored = [None, Some(1), Some(0), Some(0)];
    assert_eq!(blocks(spec.clone()), [down, mirrored].concat());
    let own = DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[64, 128]));
    assert_eq!(blocks(NetworkSpec { decoder: own, ..spec }), [&down[..], &[Some(0), Some(1), None]].concat());
}

#[test]
fn an_error_names_its_block() {
    let encoder = vec![BlockSpec::Dense { width: 64 }, BlockSpec::Conv { channels: 8, scaling: Scaling::Stride }];
    let error = NetworkSpec { encoder, ..NetworkSpec::default() }.plan().expect_err("a vector has no rows");
    assert_eq!((error.field, error.block), ("network", Some(crate::BlockPlace::Encoder(1))));
    let decoder = DecoderSpec::Blocks(NetworkSpec::dense_blocks(&[64, 0]));
    let error = NetworkSpec { decoder, ..NetworkSpec::default() }.plan().expect_err("a width of 0");
    assert_eq!((error.field, error.block), ("network", Some(crate::BlockPlace::Decoder(1))));
    let bottleneck = BottleneckSpec::Dense { size: 0, activation: Activation::Relu };
    let error = NetworkSpec { bottleneck, ..NetworkSpec::default() }.plan().expect_err("a code of 0");
    assert_eq!((error.field, error.block), ("network.bottleneck", None));
}
