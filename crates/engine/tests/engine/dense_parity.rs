//! The dense networks of `pinhole-anomaly` against the engine's.

use burn::tensor::{Device, Tensor, TensorData};
use pinhole_anomaly::detector::{
    dense::{self, ForwardPass, by_layer},
    recipe,
};
use pinhole_engine::network::{Autoencoder, initial_weights};
use rand::{RngExt, SeedableRng};

#[test]
fn reconstructions_are_those_of_burn() {
    for (rows, width) in [(1, 1), (8, 5), (19, 30)] {
        let checked = recipe::experiment(100, width, 3).check().expect("the recipe is valid");
        let weights = initial_weights(checked.plan(), 3);
        assert_eq!(by_layer(weights.clone()), dense::initial_weights(checked.plan(), 3));
        let mut random = rand_pcg::Pcg32::seed_from_u64(1);
        let values: Vec<f32> = (0..rows * width).map(|_| random.random_range(-3.0..3.0)).collect();

        let device = Device::flex();
        let network = Autoencoder::from_weights(checked.plan(), weights.clone(), &device);
        let batch = Tensor::from_data(TensorData::new(values.clone(), [rows, width]), &device);
        let expected: Vec<f32> = network.forward(batch).into_data().try_into_vec().expect("floats");

        let mut forward = ForwardPass::new(checked.plan(), &by_layer(weights));
        let mut scores = vec![0.0; rows];
        forward.add_errors(&values, &mut scores);
        for (row, score) in scores.iter().enumerate() {
            let range = row * width..(row + 1) * width;
            forward.run(&values[range.clone()]);
            for (lanes, expected) in forward.reconstruction().iter().zip(&expected[range.clone()]) {
                assert!((lanes[0] - expected).abs() < 1e-5, "row {row}: {} and {expected}", lanes[0]);
            }
            let squares = values[range.clone()].iter().zip(&expected[range]).map(|(a, b)| f64::from(a - b).powi(2));
            assert!((score - squares.sum::<f64>() / width as f64).abs() < 1e-5, "row {row}");
        }
    }
}
