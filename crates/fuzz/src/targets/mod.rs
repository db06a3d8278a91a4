//! The readers.

mod corpus;
mod files;
mod formats;
mod messages;
mod session;
mod tables;

use crate::{Format, Target};

/// All targets: of tables, of other files, of messages.
pub const ALL: [Target; 9] = [
    Target { name: "dialect", format: Format::Bytes, seeds: tables::dialect_seeds, read: tables::sniff_and_read },
    Target { name: "records", format: Format::Bytes, seeds: tables::records_seeds, read: tables::read_in_pieces },
    Target { name: "table", format: Format::Bytes, seeds: tables::table_seeds, read: tables::fit_and_export },
    Target { name: "formats", format: Format::Bytes, seeds: formats::seeds, read: formats::convert },
    Target { name: "images", format: Format::Bytes, seeds: files::image_seeds, read: files::open_images },
    Target { name: "model", format: Format::TensorFile, seeds: files::model_seeds, read: files::open_model },
    Target { name: "detector", format: Format::TensorFile, seeds: files::detector_seeds, read: files::open_detector },
    Target { name: "experiment", format: Format::Json, seeds: messages::experiment_seeds, read: messages::check },
    Target { name: "commands", format: Format::Json, seeds: messages::command_seeds, read: messages::carry_out },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    /// Few enough for every run of the tests.
    const INPUTS: usize = 60;

    #[test]
    fn every_target_reads_its_seeds_and_survives_mutations_of_them() {
        let folder = std::env::temp_dir().join(format!("pinhole-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for inputs");
        for target in &ALL {
            for seed in (target.seeds)() {
                let start = String::from_utf8_lossy(&seed[..seed.len().min(60)]).into_owned();
                assert_eq!((target.read)(&seed), Outcome::Accepted, "a seed of {}: {start}", target.name);
            }
            let report = crate::run(target, 0, &folder, |inputs| inputs >= INPUTS).expect("no input fails");
            assert_eq!(report.inputs, INPUTS);
        }
        std::fs::remove_dir_all(folder).expect("the folder can be removed");
    }
}
