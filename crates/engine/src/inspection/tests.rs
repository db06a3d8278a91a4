//! What is seen of networks that are known.

use pinhole_protocol::{
    Activation, BottleneckSpec, DevicePreference, Experiment, GridShape, Inspection, LayerKind, NetworkSpec,
    Normalisation, Part, presets,
};

use super::*;
use crate::{Compute, data::SampleSet, network::Autoencoder};

const SIDE: usize = 4;
const PIXELS: usize = SIDE * SIDE;

/// An encoder's layer that reads and makes so many channels, rows and columns.
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
    let set = SampleSet::pictures("probe", shape, pixels);
    HeldOut::all(&set, &set)
}

fn untrained(experiment: Experiment) -> Model {
    let compute = pollster::block_on(Compute::start(DevicePreference::Cpu));
    Model::untrained("test".into(), experiment.check().expect("the experiment is valid"), &compute)
}

fn seen(model: &Model, gradient_norms: Option<&[Option<f32>]>) -> Inspection {
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
fn a_known_network_is_seen_as_it_is() {
    let mut model = small();
    // One unit adds up the input, one is dead, one always says 2.
    let down = [vec![0.5; PIXELS], vec![0.0; PIXELS], vec![0.0; PIXELS]].concat();
    let weights = vec![down, vec![0.0, -1.0, 2.0], vec![0.0; 3 * PIXELS], vec![0.25; PIXELS]];
    model.network = Autoencoder::from_weights(model.experiment.plan(), weights, model.compute.device());
    let seen = seen(&model, Some(&[Some(3.0), Some(4.0), None, Some(0.5)]));

    assert_eq!(seen.samples, 64);
    let first = &seen.first_weights;
    assert_eq!([first.count, first.height, first.width], [3, SIDE, SIDE]);
    assert_eq!((first.pixels.0[0], first.pixels.0[PIXELS]), (255, 128));
    assert_eq!(seen.code_use, [1.0, 0.0, 1.0]);
    assert_eq!(seen.code.counts.iter().sum::<u32>(), 64 * 3);
    assert!(seen.code.low.abs() < 1e-6 && seen.code.high > 2.0);

    let [down, up] = &seen.layers[..] else { panic!("two layers: {:?}", seen.layers) };
    assert_eq!((down.part, down.layer, down.units, down.dead_units), (Part::Bottleneck, 0, 3, 2));
    assert_eq!((up.part, up.layer, up.units, up.dead_units), (Part::Decoder, 1, PIXELS, PIXELS));
    // The square root of 16 x 0.25 + 1 + 4, and of 16 x 0.0625.
    assert!((down.weight_norm - 3.0).abs() < 1e-5 && (up.weight_norm - 1.0).abs() < 1e-5, "{:?}", seen.layers);
    assert_eq!((down.gradient_norm, up.gradient_norm), (Some(5.0), Some(0.5)));
    // What is seen of the last layer is the reconstruction: a sigmoid of 0.25.
    let middle = f32::midpoint(up.activations.low, up.activations.high);
    assert!((middle - 0.562_18).abs() < 1e-4, "{:?}", up.activations);
}

#[test]
fn every_preset_can_be_looked_into() {
    for preset in presets() {
        let model = untrained(preset.experiment);
        let plan = model.experiment.plan();
        let seen = seen(&model, None);
        let with_weights = plan.layers.iter().filter(|layer| layer.parameters() > 0).count();
        assert_eq!(seen.layers.len(), with_weights, "{}", preset.name);
        let first = &seen.first_weights;
        assert_eq!(first.pixels.0.len(), first.count * first.height * first.width, "{}", preset.name);
        assert!(first.count > 0 && first.pixels.0.iter().any(|&grey| grey == 0 || grey == 255), "{}", preset.name);
        for (seen, (index, layer)) in
            seen.layers.iter().zip(plan.layers.iter().enumerate().filter(|(_, layer)| layer.parameters() > 0))
        {
            assert_eq!((seen.layer, seen.part), (index, layer.part), "{}", preset.name);
            assert!(seen.weight_norm > 0.0 && seen.gradient_norm.is_none(), "{}: {seen:?}", preset.name);
            assert_eq!(
                seen.activations.counts.iter().sum::<u32>() as usize,
                64 * layer.output.len(),
                "{}",
                preset.name
            );
        }
        assert!(!seen.code_use.is_empty() && seen.code_use.len() <= 256, "{}", preset.name);
    }
}

#[test]
fn the_use_of_a_codebook_adds_up_and_a_divergence_is_that_of_the_closed_form() {
    let of = |name: &str| {
        let preset = presets().into_iter().find(|preset| preset.name == name).expect("it is listed");
        seen(&untrained(preset.experiment), None).code_use
    };
    let words = of("vq-vae");
    assert!(words.len() == 64 && (words.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{words:?}");
    let divergences = of("vae");
    assert!(divergences.len() == 20 && divergences.iter().all(|&nats| nats >= 0.0), "{divergences:?}");
}

#[test]
fn without_samples_there_is_a_look_all_the_same() {
    let model = small();
    let nothing = HeldOut::all(&SampleSet::default(), &SampleSet::default());
    assert!(pollster::block_on(inspect(&model, &nothing, None)).is_err());
}
