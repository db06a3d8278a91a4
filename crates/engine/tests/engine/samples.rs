//! Samples of every shape through a session: table rows, colour pictures, labels; and what does not suit.

use std::fmt::Write as _;

use crate::{
    common::{cpu, experiment},
    session_harness::{SessionHarness, failure, failures, parcels, quick_plan, scanned},
};
use pinhole_anomaly::{
    Table,
    jobs::{Job, ScanJob},
};
use pinhole_engine::{
    Model,
    data::{self, SamplePlan, SamplesJob},
};
use pinhole_protocol::{
    Activation, Bytes, Command, Corruption, DataSpec, DataSummary, DenoiseSource, DevicePreference, Event, Experiment,
    Floats, GridShape, HeadSpec, ImageSource, LogLevel, ModelSummary, NamedFile, NetworkSpec, Noise, PROTOCOL_VERSION,
    Picture, SampleGrid, TrainingEnd, TrainingStart, presets,
    table::{ColumnKind, ColumnPlan, NumberScaling, RowsSummary, TableCommand, TableEvent},
};
use pinhole_table::source::MemorySource;

/// Numbers that a row of [`parcels`] becomes: three measures, and a box, a tube or another kind.
const PARCEL: GridShape = GridShape { channels: 6, height: 1, width: 1 };

fn started() -> SessionHarness {
    let mut session = SessionHarness::new();
    session.send(Command::Start {
        protocol_version: PROTOCOL_VERSION,
        device: DevicePreference::Cpu,
        log: LogLevel::Off,
    });
    session
}

fn train(session: &mut SessionHarness, experiment: Experiment) -> Vec<Event> {
    session.send(Command::Train { experiment: Box::new(experiment), start: TrainingStart::Fresh })
}

fn of(source: ImageSource, input: GridShape) -> Experiment {
    let output_activation = if source == ImageSource::TableRows { Activation::Linear } else { Activation::Sigmoid };
    Experiment {
        data: DataSpec { source, limit: Some(80) },
        network: NetworkSpec { input, output_activation, ..experiment().network },
        ..experiment()
    }
}

fn with_classifier(mut experiment: Experiment, classes: usize) -> Experiment {
    experiment.network.head = Some(HeadSpec { classes });
    experiment
}

fn has_finished(events: &[Event]) -> bool {
    events.contains(&Event::TrainingEnded(TrainingEnd::Finished))
}

fn samples(events: &[Event]) -> &SampleGrid {
    let grid = events.iter().rev().find_map(|event| if let Event::Samples(grid) = event { Some(grid) } else { None });
    grid.unwrap_or_else(|| panic!("samples are shown: {:?}", failures(events)))
}

fn model(events: &[Event]) -> &ModelSummary {
    let model =
        events.iter().find_map(|event| if let Event::ModelReady(model) = event { Some(&**model) } else { None });
    model.unwrap_or_else(|| panic!("there is a model: {:?}", failures(events)))
}

fn idx(magic: u32, dimensions: &[u32], bytes: &[u8]) -> Bytes {
    let header = [&[magic], dimensions].concat().into_iter().flat_map(u32::to_be_bytes);
    Bytes(header.chain(bytes.iter().copied()).collect())
}

/// Generated digits as an IDX file, with or without their labels beside it.
fn open_digits(session: &mut SessionHarness, with_labels: bool) -> DataSummary {
    let digits = data::strokes(3, 60);
    let labels: Vec<u8> = (0..60).filter_map(|index| digits.labels().of_sample(index)).collect();
    let mut files = vec![NamedFile { name: "digits-images".into(), bytes: idx(0x803, &[60, 28, 28], digits.pixels()) }];
    if with_labels {
        files.push(NamedFile { name: "digits-labels".into(), bytes: idx(0x801, &[60], &labels) });
    }
    let events = session.send(Command::OpenImages { files, as_is: Vec::new() });
    let [Event::DataOpened(summary)] = &events[..] else { panic!("{events:?}") };
    summary.clone()
}

#[test]
fn a_tables_rows_train_a_network_that_a_person_built() {
    let mut session = started();
    session.open("parcels.csv", parcels(200, 10, 1));
    let mut hiding = of(ImageSource::TableRows, PARCEL);
    hiding.objective.corruption = Corruption::new(Noise::Columns, 0.25);
    let events = train(&mut session, hiding);
    assert!(has_finished(&events), "{:?}", failures(&events));
    assert!(events.contains(&Event::TrainingStarted { train_images: 72, validation_images: 8 }), "80 of 200 rows");
    let grid = samples(&events);
    assert_eq!((grid.shape, grid.count, grid.rebuilt.0.len()), (PARCEL, 8, 48));
    let bytes = &grid.originals.0;
    assert!(bytes.contains(&0) && bytes.contains(&255), "rows are spread over their own range: {bytes:?}");
    let kept = session.send(Command::SaveModel);
    let [Event::ModelSaved(file)] = &kept[..] else { panic!("{kept:?}") };
    let opened = session.send(Command::OpenModel { file: NamedFile { name: "rows".into(), bytes: file.clone() } });
    assert_eq!(model(&opened).experiment.network.input, PARCEL);
}

#[test]
fn rows_have_the_labels_of_their_table_and_some_may_lack_them() {
    let mut table = String::from("x,y,class\n");
    for row in 0..120 {
        let class = ["", "setosa", "versicolor", "virginica"][row % 4];
        writeln!(table, "{}.5,{},{class}", row % 4 * 10 + row % 3, row % 7).expect("text can be written");
    }
    let mut session = started();
    let events = session.open("flowers.csv", table);
    assert_eq!(scanned(&events).label, None, "no class is an anomaly, and a column y beside it is none");
    let two_numbers = of(ImageSource::TableRows, GridShape { channels: 2, ..PARCEL });
    let events = train(&mut session, with_classifier(two_numbers.clone(), 3));
    assert!(has_finished(&events), "{:?}", failures(&events));
    let events = train(&mut session, with_classifier(two_numbers, 2));
    assert!(failure(&events).contains("3 different labels"), "{events:?}");
}

#[test]
fn empty_cells_are_samples_that_know_what_is_missing() {
    let text = "a,b,kind\n1,5,red\n,6,blue\n3,7,\n4,8,red\n";
    let (table, _) = Table::open(Box::new(MemorySource::new("holes.csv", text)), None).expect("a table");
    run(ScanJob::new(&table).expect("it can be read"));
    let column = |name: &str, kind| ColumnPlan { name: name.into(), kind, used: true };
    let columns = vec![
        column("a", ColumnKind::Numeric),
        column("b", ColumnKind::Numeric),
        column("kind", ColumnKind::Categorical),
    ];
    let plan = SamplePlan { columns, label: None, attributes: Vec::new(), scaling: NumberScaling::Standard };
    let set = run(SamplesJob::new(&table, plan, None, 0).expect("it has columns"));
    // a and its mark; b; a value for each kind and for others, and the mark.
    assert_eq!(set.layout().groups, [0..2, 2..3, 3..7]);
    let known = |row| set.known(row..row + 1).expect("some are missing");
    assert_eq!(known(0), [1.0; 7]);
    assert_eq!(known(1), [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(known(2), [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    assert!(set.values(1)[0].abs() < 1e-6, "the mean is put in place of what is missing");

    let (events, _) = crate::common::train(of(ImageSource::TableRows, set.shape()), &set);
    assert_eq!((events.end, events.epochs.len()), (TrainingEnd::Finished, 3));
    assert!(events.losses.iter().all(|loss| loss.is_finite()));
}

fn run<J: Job>(mut job: J) -> J::Output {
    loop {
        if let Some(output) = pollster::block_on(job.advance()).expect("the table is good") {
            return output;
        }
    }
}

#[test]
fn without_a_table_or_with_another_width_a_sentence_says_what_to_do() {
    let mut session = started();
    let events = train(&mut session, of(ImageSource::TableRows, PARCEL));
    assert!(failure(&events).contains("open one first"));
    session.open("parcels.csv", parcels(60, 10, 1));
    let events = train(&mut session, of(ImageSource::TableRows, GridShape { channels: 9, ..PARCEL }));
    let sentence = failure(&events);
    assert!(sentence.contains("parcels.csv") && sentence.contains("vector of 6"), "{sentence}");
    assert!(!events.iter().any(|event| matches!(event, Event::TrainingStarted { .. })));
    let events = train(&mut session, of(ImageSource::TableRows, PARCEL));
    assert!(has_finished(&events), "nothing was lost: {:?}", failures(&events));
}

/// Description of the table's rows, or the reason for which they cannot be trained on.
fn described(events: &[Event]) -> &Result<RowsSummary, String> {
    let described = events.iter().find_map(|event| match event {
        Event::Table(TableEvent::RowsDescribed(rows)) => Some(rows),
        _ => None,
    });
    described.unwrap_or_else(|| panic!("the rows are not described: {events:?}"))
}

#[test]
fn rows_are_described_as_training_reads_them() {
    let mut session = started();
    let ask = |limit| TableCommand::DescribeRows { limit, seed: 0, attributes: Vec::new() };
    let refused = session.send_table(ask(None));
    assert!(described(&refused).as_ref().is_err_and(|why| why.contains("open one first")), "{refused:?}");
    session.react(|event| matches!(event, TableEvent::Opened(_)), ask(Some(80)));
    let events = session.open("parcels.csv", parcels(200, 10, 1));
    let rows = described(&events).as_ref().expect("asked while the table is read, it is answered when it was");
    assert_eq!((&*rows.name, rows.rows, rows.width, rows.classes), ("parcels.csv", 80, PARCEL.channels, 2));
    let events = session.send_table(ask(None));
    assert_eq!(described(&events).as_ref().map(|rows| rows.rows), Ok(200));
    session.open("words.csv", "said\nthis and that\nsomething else\nand more of it\nno end of words\n");
    let events = session.send_table(ask(None));
    assert!(described(&events).as_ref().is_err_and(|why| why.contains("can be learnt from")), "{events:?}");
}

#[test]
fn the_columns_of_the_tables_detector_are_those_of_the_samples() {
    let mut session = started();
    let events = session.open("parcels.csv", parcels(120, 10, 1));
    let mut plan = quick_plan(scanned(&events));
    plan.columns.iter_mut().filter(|column| column.name == "kind").for_each(|column| column.used = false);
    session.fit(&plan);
    let events = train(&mut session, of(ImageSource::TableRows, GridShape { channels: 3, ..PARCEL }));
    assert!(has_finished(&events), "{:?}", failures(&events));
}

#[test]
fn a_preset_for_pictures_is_refused_on_a_table() {
    let mut session = started();
    session.open("parcels.csv", parcels(60, 10, 1));
    for preset in presets() {
        let mut experiment = preset.experiment;
        experiment.data.source = ImageSource::TableRows;
        let message = failure(&train(&mut session, experiment)).to_owned();
        assert!(message.contains("no neighbours"), "{}: {message}", preset.name);
    }
    let mut conv = of(ImageSource::TableRows, PARCEL);
    conv.network.encoder = NetworkSpec::conv_blocks(&[8]);
    assert!(failure(&train(&mut session, conv)).contains("dense block"));
}

#[test]
fn a_drawing_cannot_be_shown_to_a_model_of_rows() {
    let mut session = started();
    session.open("parcels.csv", parcels(60, 10, 1));
    train(&mut session, of(ImageSource::TableRows, PARCEL));
    let source = DenoiseSource::Drawing { pixels: Bytes(vec![255; 100]), width: 10, height: 10 };
    let events =
        session.send(Command::Denoise { request: 1, source, corruption: Corruption::default(), noise_seed: 0 });
    let [Event::Denoised { request: 1, clean, comparison: None }] = &events[..] else { panic!("{events:?}") };
    assert_eq!(clean.shape, GridShape::MNIST);
}

#[test]
fn pictures_are_trained_on_and_shown_at_what_the_network_reads() {
    let shape = GridShape { channels: 3, height: 24, width: 20 };
    let mut session = started();
    let summary = open_digits(&mut session, false);
    assert_eq!((summary.shape, summary.classes, summary.preview.0.len()), (GridShape::MNIST, 0, 8 * 784));
    for source in [ImageSource::Opened, ImageSource::Strokes, ImageSource::Digits8x8] {
        let events = train(&mut session, of(source.clone(), shape));
        assert!(has_finished(&events), "{source:?}: {:?}", failures(&events));
        let grid = samples(&events);
        assert_eq!((grid.shape, grid.originals.0.len()), (shape, grid.count * shape.len()), "{source:?}");
    }
    let events = session.send(Command::RandomSample { seed: 4 });
    let [Event::Sample(picture)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((picture.shape, picture.values.0.len()), (shape, shape.len()));
    for (request, picture) in
        [(1, picture.clone()), (2, Picture { shape: GridShape::MNIST, values: Floats(vec![0.5; 784]) })]
    {
        let corruption = Corruption::new(Noise::Blur, 0.5);
        let source = DenoiseSource::Picture(picture.clone());
        let events = session.send(Command::Denoise { request, source, corruption, noise_seed: 0 });
        let [Event::Denoised { clean, comparison: Some(comparison), .. }] = &events[..] else { panic!("{events:?}") };
        assert_eq!(clean, &picture, "it is shown as it came");
        assert_eq!((comparison.shape, comparison.denoised.0.len()), (shape, shape.len()));
        assert_eq!(comparison.code.values.0.len(), comparison.code.shape.len());
        assert!(comparison.code.deviations.0.is_empty(), "the code is no distribution");
        assert!((-1.0..=1.0).contains(&comparison.denoised_quality.ssim));
    }
}

#[test]
fn a_classifier_asks_for_labels_that_the_images_have() {
    let mut session = started();
    open_digits(&mut session, false);
    let opened = of(ImageSource::Opened, GridShape::MNIST);
    assert!(failure(&train(&mut session, with_classifier(opened.clone(), 10))).contains("learns from labels"));
    assert_eq!(open_digits(&mut session, true).classes, 10);
    assert!(failure(&train(&mut session, with_classifier(opened.clone(), 4))).contains("10 different labels"));
    let events = train(&mut session, with_classifier(opened, 10));
    assert!(has_finished(&events), "{:?}", failures(&events));
}

#[test]
fn sizes_that_no_picture_is_brought_to_are_refused() {
    let mut session = started();
    open_digits(&mut session, false);
    for source in [ImageSource::Opened, ImageSource::Strokes, ImageSource::Digits8x8] {
        for (shape, reason) in [
            (GridShape { channels: 1, height: 8, width: 28 }, "8x28"),
            (GridShape { channels: 1, height: 28, width: 96 }, "28x96"),
            (GridShape { channels: 2, height: 28, width: 28 }, "2 channels"),
        ] {
            assert!(failure(&train(&mut session, of(source.clone(), shape))).contains(reason), "{source:?} {reason}");
        }
    }
}

#[test]
fn the_code_of_a_picture_is_decoded_to_its_reconstruction() {
    for (name, is_variational) in [("article", false), ("vae", true), ("vq-vae", false), ("conv-denoiser", false)] {
        let preset = presets().into_iter().find(|listed| listed.name == name).expect("the preset is listed");
        let checked = preset.experiment.check().expect("presets are valid");
        let model = Model::untrained(name.into(), checked, &cpu());
        let picture = Picture { shape: GridShape::MNIST, values: Floats(vec![0.25; 784]) };
        let denoised = pollster::block_on(model.denoise(&picture, Corruption::default(), 0)).expect("a picture");
        let code = denoised.code;
        assert_eq!(code.values.0.len(), code.shape.len(), "{name}");
        assert_eq!(code.deviations.0.len(), if is_variational { code.shape.len() } else { 0 }, "{name}");
        assert!(code.deviations.0.iter().all(|deviation| *deviation > 0.0));
        let decoded = pollster::block_on(model.decode(&code.values.0)).expect("a code of its size");
        assert_eq!(decoded.values, denoised.denoised, "{name}");
        let error = pollster::block_on(model.decode(&code.values.0[1..])).expect_err("a number is missing");
        assert!(error.to_string().contains(&format!("{} numbers", code.shape.len())), "{error}");
    }
}
