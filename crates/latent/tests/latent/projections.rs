//! Maps of small sets and of odd ones, through the interface that page and terminal use.

use std::rc::Rc;

use pinhole_latent::{
    Vectors,
    projection::{ProjectedVectors, ProjectionRun, ProjectionSettings, ProjectionStage, largest_perplexity},
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

const TSNE: ProjectionSettings = ProjectionSettings::Tsne { perplexity: 10.0, iterations: 400 };
const UMAP: ProjectionSettings = ProjectionSettings::Umap { neighbours: 10, min_dist: 0.1 };

/// Vectors in three clusters, of which number i belongs to i % 3.
fn clusters(count: usize, width: usize) -> Rc<Vectors> {
    let mut rng = Pcg32::seed_from_u64(3);
    let values = (0..count * width).map(|index| {
        let (row, column) = (index / width, index % width);
        f32::from(u8::from(row % 3 == column % 3)) * 4.0 + rng.random_range(-1.0..1.0_f32)
    });
    Rc::new(Vectors::new(values.collect(), width).expect("they are whole"))
}

fn vectors(values: Vec<f32>, width: usize) -> Rc<Vectors> {
    Rc::new(Vectors::new(values, width).expect("they are whole"))
}

fn project(vectors: &Rc<Vectors>, settings: ProjectionSettings, seed: u64) -> ProjectedVectors {
    let mut run = ProjectionRun::new(Rc::clone(vectors), settings, seed).expect("the settings fit");
    while !run.is_done() {
        let (done, total) = run.progress();
        assert!(done <= total, "{done} of {total} in {:?}", run.stage());
        run.advance();
    }
    let map = run.finish().expect("it is done");
    assert_eq!(map.positions.len(), 2 * vectors.len());
    assert!(map.positions.iter().all(|position| position.is_finite()), "{settings:?}");
    map
}

fn refusal(vectors: &Rc<Vectors>, settings: ProjectionSettings) -> String {
    ProjectionRun::new(Rc::clone(vectors), settings, 0).expect_err("it does not fit").to_string()
}

/// Share of points whose nearest point on the map is of the same cluster.
fn purity(positions: &[f32]) -> f32 {
    let points: Vec<&[f32]> = positions.chunks_exact(2).collect();
    let squares = |a: &[f32], b: &[f32]| (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
    let is_pure = |&index: &usize| {
        let others = (0..points.len()).filter(|&other| other != index);
        let nearest =
            others.min_by(|&a, &b| squares(points[a], points[index]).total_cmp(&squares(points[b], points[index])));
        nearest.is_some_and(|nearest| nearest % 3 == index % 3)
    };
    (0..points.len()).filter(is_pure).count() as f32 / points.len() as f32
}

#[test]
fn clusters_stay_together_and_a_seed_gives_one_map() {
    let vectors = clusters(300, 12);
    for settings in [TSNE, UMAP] {
        let map = project(&vectors, settings, 1);
        assert!(purity(&map.positions) > 0.99, "{settings:?}");
        assert_eq!(map.positions, project(&vectors, settings, 1).positions);
        assert_ne!(map.positions, project(&vectors, settings, 2).positions);
    }
}

#[test]
fn a_stopped_layout_keeps_its_positions() {
    let vectors = clusters(300, 12);
    for settings in [TSNE, UMAP] {
        let mut run = ProjectionRun::new(Rc::clone(&vectors), settings, 1).expect("the settings fit");
        assert_eq!((run.stage(), run.positions().len()), (ProjectionStage::Neighbours, 0));
        while run.stage() == ProjectionStage::Neighbours {
            run.advance();
        }
        run.advance();
        assert!(!run.is_done());
        assert_eq!(run.finish().expect("positions are there").positions.len(), 600);
    }
}

#[test]
fn new_vectors_are_placed_by_their_like() {
    let all = clusters(330, 12);
    let (known, new) = all.values().split_at(300 * 12);
    let (known, new) = (vectors(known.to_vec(), 12), vectors(new.to_vec(), 12));
    for settings in [ProjectionSettings::Pca, ProjectionSettings::Raw { across: 1, up: 0 }, TSNE, UMAP] {
        let map = project(&known, settings, 1);
        let placed = map.place(&new).expect("of the same width");
        let both = [map.positions.as_slice(), &placed].concat();
        assert!(purity(&both) > 0.95, "{settings:?}");
        let again = map.place(&known).expect("of the same width");
        let moved = again.iter().zip(&map.positions).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let extent = map.positions.iter().fold(0.0_f32, |extent, position| extent.max(position.abs()));
        assert!(moved <= 0.05 * extent, "{settings:?}: known vectors moved by {moved} of {extent}");
        let other = map.place(&clusters(3, 5)).expect_err("of another width");
        assert_eq!(other.to_string(), "The new vectors have 5 numbers, those of the map 12.");
    }
}

#[test]
fn a_place_of_the_map_has_a_vector() {
    let vectors = clusters(60, 12);
    for settings in [ProjectionSettings::Raw { across: 2, up: 5 }, TSNE, UMAP] {
        let map = project(&vectors, settings, 1);
        let at = [map.positions[8], map.positions[9]];
        assert_eq!(map.inverse(at), vectors.row(4), "{settings:?}");
        assert!(map.inverse([1e9, -1e9]).iter().all(|value| value.is_finite()));
    }
    let flat = clusters(60, 2);
    let map = project(&flat, ProjectionSettings::Pca, 0);
    let found = map.inverse([map.positions[8], map.positions[9]]);
    assert!(found.iter().zip(flat.row(4)).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}");
    assert_eq!(map.pca.expect("it was fitted").len(), 2);
}

#[test]
fn equal_vectors_and_duplicates_have_a_map() {
    let equal = vectors([2.0_f32, 3.0, 4.0].repeat(50), 3);
    let mut values = clusters(40, 3).values().to_vec();
    values.extend([1.0; 3 * 60]);
    let duplicates = vectors(values, 3);
    for settings in [ProjectionSettings::Pca, TSNE, UMAP] {
        project(&equal, settings, 0);
        project(&duplicates, settings, 0);
    }
    let pca = project(&equal, ProjectionSettings::Pca, 0);
    assert!(pca.positions.iter().all(|position| position.abs() < 1e-6));
    assert!(pca.pca.expect("it was fitted").explained_variance_ratio().iter().all(|&share| share == 0.0));
}

#[test]
fn any_width_has_a_map() {
    let narrow = clusters(60, 1);
    let wide = clusters(40, 4_096);
    for settings in [ProjectionSettings::Pca, TSNE, UMAP] {
        project(&narrow, settings, 0);
        assert!(purity(&project(&wide, settings, 0).positions) > 0.99, "{settings:?}");
    }
    let map = project(&narrow, ProjectionSettings::Pca, 0);
    assert!(map.positions.iter().skip(1).step_by(2).all(|&up| up == 0.0));
    assert_eq!(project(&narrow, ProjectionSettings::Raw { across: 0, up: 0 }, 0).inverse([1.5, 1.5]), [1.5]);
}

#[test]
fn settings_that_do_not_fit_are_refused_with_those_that_do() {
    let one = clusters(1, 4);
    assert_eq!(refusal(&one, ProjectionSettings::Pca), "PCA needs at least 2 vectors, and there is one.");
    assert_eq!(refusal(&one, TSNE), "t-SNE needs at least 4 vectors, and there is one.");
    assert_eq!(refusal(&clusters(2, 4), UMAP), "UMAP needs at least 3 vectors, and there are 2.");
    project(&one, ProjectionSettings::Raw { across: 0, up: 3 }, 0);
    let none = vectors(Vec::new(), 4);
    let raw = ProjectionSettings::Raw { across: 0, up: 1 };
    assert_eq!(refusal(&none, raw), "A map needs a vector, and there are none.");

    let few = clusters(31, 4);
    assert_eq!(largest_perplexity(31), 10);
    project(&few, TSNE, 0);
    let tsne = |perplexity| ProjectionSettings::Tsne { perplexity, iterations: 10 };
    assert_eq!(
        refusal(&few, tsne(30.0)),
        "A perplexity of 30 needs three times as many neighbours, and there are 31 vectors: choose at most 10."
    );
    for perplexity in [0.5, f32::NAN, f32::INFINITY] {
        assert!(refusal(&few, tsne(perplexity)).starts_with("A perplexity of"));
    }
    let umap = |neighbours, min_dist| ProjectionSettings::Umap { neighbours, min_dist };
    project(&few, umap(30, 0.0), 0);
    project(&few, umap(2, 1.0), 0);
    let sentence = "31 neighbours are out of range with 31 vectors: choose from 2 to 30.";
    assert_eq!(refusal(&few, umap(31, 0.1)), sentence);
    assert_eq!(refusal(&few, umap(5, 2.0)), "A least distance of 2 is out of range: choose from 0 to 1.");
    let beyond = ProjectionSettings::Raw { across: 0, up: 4 };
    assert_eq!(refusal(&few, beyond), "The vectors have 4 numbers, so there is no number 5: choose one from 1 to 4.");
}
