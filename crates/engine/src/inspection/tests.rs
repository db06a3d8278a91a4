//! Inspections of networks whose weights are known.

use pinhole_protocol::{
    Activation, BottleneckSpec, DevicePreference, Experiment, GridShape, Inspection, LayerKind, NetworkSpec,
    Normalisation, Part, presets,
};

use super::*;
use crate::{Compute, data::SampleSet, network::Autoencoder};

const SIDE: usize = 4;
const PIXELS: usize = SIDE * SIDE;

/// An encoder layer with these input and output shapes [channels, height, width].
pub(super) fn layer(kind: LayerKind, input: [usize; 3], output: [usize; 3]) -> LayerPlan {
    let shape = |[channels, height, width]: [usize; 3]| GridShape { channels, height, width };
    LayerPlan {
        part: Part::Encoder,
        kind,
        input: shape(input),
        output: shape(output),
        activation: Activation::Relu,
        normalisation: Normalisation::None,
        dropout: 0.0,
        tied_to: None,
        skip_from: None,
        block: None,
    }
}

fn held_out(shape: GridShape, count: usize) -> HeldOut {
    let pixels = (0..count * shape.len()).map(|index| (index * 7919 % 251) as u8).collect();
    let set = SampleSet::pictures("held out", shape, pixels);
    HeldOut::all(&set, &set)
}

fn untrained(experiment: Experiment) -> Model {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    Model::untrained("test".into(), experiment.check().expect("the experiment is valid"), &compute)
}

fn inspected(model: &Model, gradient_norms: Option<&[Option<f32>]>) -> Inspection {
    let held_out = held_out(model.experiment.plan().input, 100);
    pollster::block_on(inspect(model, &held_out, gradient_norms)).expect("the CPU does not fail")
}

/// 16-3-16 with a ReLU on its code.
fn small() -> Model {
    untrained(Experiment {
        network: NetworkSpec {
            input: GridShape { channels: 1, height: SIDE, width: SIDE },
            encoder: Vec::new(),
            bottleneck: BottleneckSpec::Dense { size: 3, activation: Activation::Relu },
            ..NetworkSpec::default()
        },
        ..Experiment::default()
    })
}

#[test]
fn a_network_of_known_weights_has_known_values() {
    let mut model = small();
    // One unit sums the input, one is always 0, one is always 2.
    let down = [vec![0.5; PIXELS], vec![0.0; PIXELS], vec![0.0; PIXELS]].concat();
    let weights = vec![down, vec![0.0, -1.0, 2.0], vec![0.0; 3 * PIXELS], vec![0.25; PIXELS]];
    model.network = Autoencoder::from_weights(model.experiment.plan(), weights, model.compute.device());
    let inspection = inspected(&model, Some(&[Some(3.0), Some(4.0), None, Some(0.5)]));

    assert_eq!(inspection.samples, 64);
    let first = &inspection.first_weights;
    assert_eq!([first.count, first.height, first.width], [3, SIDE, SIDE]);
    assert_eq!((first.pixels.0[0], first.pixels.0[PIXELS]), (255, 128));
    assert_eq!(inspection.code_use, [1.0, 0.0, 1.0]);
    assert_eq!(inspection.code.counts.iter().sum::<u32>(), 64 * 3);
    assert!(inspection.code.low.abs() < 1e-6 && inspection.code.high > 2.0);

    let [down, up] = &inspection.layers[..] else { panic!("two layers: {:?}", inspection.layers) };
    assert_eq!((down.part, down.layer, down.units, down.dead_units), (Part::Bottleneck, 0, 3, 2));
    assert_eq!((up.part, up.layer, up.units, up.dead_units), (Part::Decoder, 1, PIXELS, PIXELS));
    // The square root of 16 x 0.25 + 1 + 4, and of 16 x 0.0625.
    assert!((down.weight_norm - 3.0).abs() < 1e-5 && (up.weight_norm - 1.0).abs() < 1e-5, "{:?}", inspection.layers);
    assert_eq!((down.gradient_norm, up.gradient_norm), (Some(5.0), Some(0.5)));
    // The output of the last layer is the reconstruction: the sigmoid of 0.25.
    let middle = f32::midpoint(up.activations.low, up.activations.high);
    assert!((middle - 0.562_18).abs() < 1e-4, "{:?}", up.activations);
}

#[test]
fn every_preset_can_be_inspected() {
    for preset in presets() {
        let model = untrained(preset.experiment);
        let plan = model.experiment.plan();
        let inspection = inspected(&model, None);
        let with_weights = plan.layers.iter().filter(|layer| layer.parameters() > 0).count();
        assert_eq!(inspection.layers.len(), with_weights, "{}", preset.name);
        let first = &inspection.first_weights;
        assert_eq!(first.pixels.0.len(), first.count * first.height * first.width, "{}", preset.name);
        assert!(first.count > 0 && first.pixels.0.iter().any(|&grey| grey == 0 || grey == 255), "{}", preset.name);
        for (inspected, (index, layer)) in
            inspection.layers.iter().zip(plan.layers.iter().enumerate().filter(|(_, layer)| layer.parameters() > 0))
        {
            assert_eq!((inspected.layer, inspected.part), (index, layer.part), "{}", preset.name);
            assert!(inspected.weight_norm > 0.0 && inspected.gradient_norm.is_none(), "{}: {inspected:?}", preset.name);
            assert_eq!(
                inspected.activations.counts.iter().sum::<u32>() as usize,
                64 * layer.output.len(),
                "{}",
                preset.name
            );
        }
        assert!(!inspection.code_use.is_empty() && inspection.code_use.len() <= 256, "{}", preset.name);
    }
}

#[test]
fn codebook_usage_sums_to_1_and_kl_divergences_are_not_negative() {
    let usage_of = |name: &str| {
        let preset = presets().into_iter().find(|preset| preset.name == name).expect("it is listed");
        inspected(&untrained(preset.experiment), None).code_use
    };
    let shares = usage_of("vq-vae");
    assert!(shares.len() == 64 && (shares.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{shares:?}");
    let divergences = usage_of("vae");
    assert!(divergences.len() == 20 && divergences.iter().all(|&nats| nats >= 0.0), "{divergences:?}");
}

#[test]
fn inspecting_without_samples_is_an_error() {
    let model = small();
    let no_samples = HeldOut::all(&SampleSet::default(), &SampleSet::default());
    assert!(pollster::block_on(inspect(&model, &no_samples, None)).is_err());
}
