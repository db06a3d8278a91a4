//! The Tables lab from a file to its report, through the session that the page uses.

use std::fmt::Write as _;

use crate::session_harness::{
    SessionHarness, failure, failures, parcels, plan, quick_plan, scanned, scored, table_events, unmatched,
};
use pinhole_protocol::{
    Event,
    table::{
        DetectorPlan, ErrorCosts, RenamedColumn, RowChoice, RowOrder, RowQuery, ScoredFormat, ShiftSize, SortKey,
        TableActivity, TableCommand, TableEvent, ThresholdReport, ThresholdRule,
    },
};

fn all() -> RowQuery {
    RowQuery { count: 10_000, ..RowQuery::default() }
}

/// A session with a trained detector and a ranking.
fn trained() -> SessionHarness {
    let mut session = SessionHarness::new();
    let events = session.open("parcels.csv", parcels(400, 20, 1));
    let events = session.fit(&plan(scanned(&events)));
    assert_eq!(failures(&events), [""; 0]);
    session
}

fn is_training(event: &TableEvent) -> bool {
    matches!(event, TableEvent::Progress(progress) if progress.activity == TableActivity::Training)
}

#[test]
fn a_table_is_opened_trained_on_and_measured() {
    let mut session = SessionHarness::new();
    let events = session.open("parcels.csv", parcels(400, 20, 1));
    assert!(matches!(&events[0], Event::Table(TableEvent::Opened(preview)) if preview.rows.len() == 50));
    let summary = scanned(&events).clone();
    assert_eq!(summary.rows, 400);
    let label = summary.label.as_ref().expect("the label is guessed");
    assert_eq!((label.column, &label.anomalous_values[..]), (4, &["1".to_owned()][..]));

    let events = session.fit(&plan(&summary));
    assert_eq!(failures(&events), [""; 0]);
    let ready = table_events(&events)
        .find_map(|event| if let TableEvent::DetectorReady(summary) = event { Some(summary) } else { None })
        .expect("the detector is emitted");
    assert_eq!(ready.columns, ["length", "girth", "weight", "kind"], "the label is no feature");
    assert_eq!(ready.trained_rows, 266, "70 % of 380 normal rows");
    let losses =
        table_events(&events).any(|event| matches!(event, TableEvent::Progress(news) if !news.losses.is_empty()));
    assert!(losses, "losses are emitted during training");
    let file = scored(&events);
    let measures = file.summary.measures.as_ref().expect("there are labels");
    assert!(measures.auroc > 0.98 && measures.average_precision > 0.9, "{measures:?}");
    assert_eq!(file.summary.warnings, [""; 0]);
    assert!(matches!(file.threshold.rule, ThresholdRule::FalseAlarms(_)), "{:?}", file.threshold);
    assert_eq!(file.summary.columns[0].name, "girth", "it drives the flagged rows");
}

#[test]
fn rows_come_sorted_filtered_and_explained() {
    let mut session = trained();
    let (rows, total) = session.rows(all());
    assert_eq!(total, 400);
    assert!(rows.is_sorted_by(|one, other| one.score >= other.score));
    assert!(rows[..15].iter().all(|row| row.is_anomalous == Some(true) && row.row % 20 == 0));
    let flagged = session.rows(RowQuery { flagged_only: true, ..all() });
    assert!(flagged.1 >= 20 && flagged.0.iter().all(|row| row.is_flagged));
    let (found, total) = session.rows(RowQuery { search: "TUBE".into(), count: 3, ..RowQuery::default() });
    assert_eq!(found.len(), 3);
    assert!((100..300).contains(&total) && found.iter().all(|row| row.cells[3] == "tube"));
    let order = RowOrder { key: SortKey::Column(0), descending: false };
    let (sorted, _) = session.rows(RowQuery { order, ..all() });
    let lengths: Vec<f64> = sorted.iter().map(|row| row.cells[0].parse().expect("a number")).collect();
    assert!(lengths.is_sorted());

    let events = session.send_table(TableCommand::Details { row: rows[0].row });
    let [Event::Table(TableEvent::Details(details))] = &events[..] else { panic!("{events:?}") };
    assert_eq!(details.row, rows[0]);
    assert_eq!(details.contributions.len(), 4);
    let girth = &details.contributions[0];
    assert_eq!((girth.column.as_str(), &girth.actual), ("girth", &rows[0].cells[1]));
    let expected: f64 = girth.expected.parse().expect("in the file's units");
    let length: f64 = rows[0].cells[0].parse().expect("a number");
    let seen: f64 = girth.actual.parse().expect("a number");
    assert!((expected - 2.0 * length).abs() < (seen - 2.0 * length).abs(), "{expected} for a length of {length}");
    assert!((girth.signed_error > 0.0) == (seen > expected), "{girth:?}");
    let shares: f64 = details.contributions.iter().map(|contribution| contribution.share).sum();
    assert!((shares - 1.0).abs() < 1e-6);
    assert!(failure(&session.send_table(TableCommand::Details { row: 401 })).contains("no row 401"));
}

#[test]
fn the_threshold_follows_every_rule() {
    let mut session = trained();
    let mut set = |rule| -> ThresholdReport {
        let events = session.send_table(TableCommand::SetThreshold { rule });
        let [Event::Table(TableEvent::Threshold { report, columns })] = &events[..] else { panic!("{events:?}") };
        assert_eq!(columns.len(), 4);
        report.clone()
    };
    assert_eq!(set(ThresholdRule::Contamination(0.05)).flagged, 20);
    assert_eq!(set(ThresholdRule::Quantile(0.9)).flagged, 40);
    let score = set(ThresholdRule::Score(1.5));
    assert!((score.value - 1.5).abs() < 1e-12);
    let alarms = set(ThresholdRule::FalseAlarms(0.1)).confusion.expect("there are labels");
    assert_eq!(alarms.false_positives, 37, "11 of 114 held-out normal rows, which stand for 380");
    assert_eq!(set(ThresholdRule::Capacity(7)).flagged, 7);
    let careful = set(ThresholdRule::Cost(ErrorCosts { missed: 1000.0, false_alarm: 1.0 }));
    assert_eq!(careful.confusion.expect("there are labels").false_negatives, 0);
    let best = set(ThresholdRule::BestF1);
    assert!(best.f1.expect("there are labels") > 0.9, "{best:?}");
    assert!(
        failure(&session.send_table(TableCommand::SetThreshold { rule: ThresholdRule::Quantile(2.0) })).contains('2')
    );
}

#[test]
fn a_label_is_checked_before_training() {
    let mut session = SessionHarness::new();
    let mut plan = plan(scanned(&session.open("parcels.csv", parcels(400, 20, 1))));
    let mut check = |plan: &DetectorPlan| {
        let events = session.send_table(TableCommand::CheckLabel { plan: Box::new(plan.clone()) });
        let [Event::Table(TableEvent::LabelChecked { label, warnings })] = &events[..] else { panic!("{events:?}") };
        assert_eq!(Some(label), plan.label.as_ref());
        warnings.clone()
    };
    let leak = check(&plan).join(" ");
    assert!(leak.contains("may leak") && leak.contains("\"girth\""), "all anomalies are thick: {leak}");
    plan.columns.retain(|column| column.name != "girth");
    assert_eq!(check(&plan), [""; 0]);
    plan.label.as_mut().expect("it is guessed").anomalous_values = vec!["2".into()];
    let [unknown, one_class] = &check(&plan)[..] else { panic!("two sentences") };
    assert!(
        unknown.starts_with("\"2\" does not occur") && one_class.contains("one class only"),
        "{unknown} {one_class}"
    );
}

#[test]
fn the_other_methods_are_compared() {
    let mut session = trained();
    let events = session.send_table(TableCommand::Compare);
    let compared = table_events(&events).find_map(|event| match event {
        TableEvent::Compared { methods, verdict } => Some((methods, verdict)),
        _ => None,
    });
    let (methods, verdict) = compared.expect("it is emitted");
    let names: Vec<&str> = methods.iter().map(|result| result.name.as_str()).collect();
    assert_eq!(names, ["Autoencoder", "PCA", "Isolation forest", "kNN", "ECOD", "LOF", "HBOS"]);
    assert!(methods.iter().all(|result| result.auroc.is_some_and(|auroc| auroc.mean > 0.7)), "{methods:?}");
    assert!(verdict.is_enough, "girth and weight follow the length on a line: {verdict:?}");
}

#[test]
fn missing_cells_are_filled_and_a_whole_table_is_refused() {
    let mut session = trained();
    let events = session.send_table(TableCommand::FillMissing);
    assert!(failure(&events).contains("nothing to fill"));
    assert_eq!(session.rows(all()).1, 400, "a refusal loses nothing");
    let gappy = parcels(400, 20, 1).replacen(",box,", ",,", 1);
    session.score("gappy.csv", gappy);
    let (name, text) = session.export(TableCommand::FillMissing);
    let text = String::from_utf8(text).expect("text");
    assert_eq!(name, "gappy-filled.csv");
    assert_eq!(text.lines().filter(|line| line.ends_with(",kind")).count(), 1);
    assert!(text.lines().all(|line| !line.contains(",,")), "no cell is missing any more");
}

#[test]
fn a_saved_detector_scores_alike_in_another_session() {
    let mut session = trained();
    session.send_table(TableCommand::SetThreshold { rule: ThresholdRule::Contamination(0.1) });
    let (rows, _) = session.rows(all());
    for with_replay in [true, false] {
        let file = session.save(with_replay);
        let mut other = SessionHarness::new();
        assert_eq!(failures(&other.open_detector(file)), [""; 0]);
        let events = other.score("again.csv", parcels(400, 20, 1));
        let again = scored(&events).clone();
        assert!(again.drift.is_some() && again.summary.measures.is_some());
        let (others, _) = other.rows(all());
        assert_eq!(again.threshold.flagged, 40, "the threshold travels with it");
        let counted = again.summary.counted_rows.as_deref().unwrap_or_default();
        assert!(counted.contains("114 normal rows; rows that trained are left out"), "{counted}");
        if with_replay {
            assert!(rows.iter().zip(&others).all(|(one, other)| (one.score - other.score).abs() < 1e-9));
        } else {
            let anomalies = others[..20].iter().filter(|row| row.is_anomalous == Some(true)).count();
            assert!(anomalies > 15, "the network alone ranks well: {anomalies}");
            assert!(failure(&other.send_table(TableCommand::FineTune)).contains("without rows to replay"));
        }
    }
}

#[test]
fn another_file_drifts_and_is_fine_tuned_on() {
    let mut session = trained();
    // Columns in another order, one missing, one more, and a kind that training never saw; all is 3 longer.
    let mut other = String::from("colour,kind,girth,length\n");
    for (index, line) in parcels(200, 1000, 2).lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let length: f64 = cells[0].parse().expect("a number");
        let kind = if index % 10 == 0 { "sphere" } else { cells[3] };
        let (girth, length) = (2.0 * length + 6.0, length + 3.0);
        writeln!(other, "red,{kind},{girth:.3},{length:.3}").expect("text can be written");
    }
    assert!(unmatched(&session.score("later.csv", other)).missing == ["weight"]);
    let events = session.send_table(TableCommand::MapColumns { map: Vec::new() });
    assert_eq!(failures(&events), [""; 0]);
    let before = scored(&events).clone();
    let drift = before.drift.as_ref().expect("it is another table");
    let notes = before.column_notes.join(" ");
    assert!(notes.contains("\"weight\"") && notes.contains("\"colour\""), "{notes}");
    let kind = drift.columns.iter().find(|column| column.name == "kind").expect("it is compared");
    assert_eq!(kind.unknown, 20);
    let length = drift.columns.iter().find(|column| column.name == "length").expect("it is compared");
    assert!(length.population_stability_index > 0.25, "{length:?}");
    assert_eq!((length.shift(), kind.unknown_shift), (ShiftSize::Large, ShiftSize::Some));
    assert!(drift.scores.kolmogorov_smirnov > 0.3, "{:?}", drift.scores);
    assert!(before.summary.warnings.iter().any(|warning| warning.contains("sphere")), "{:?}", before.summary.warnings);

    let events = session.send_table(TableCommand::FineTune);
    assert_eq!(failures(&events), [""; 0]);
    let effect = table_events(&events)
        .find_map(|event| if let TableEvent::FineTuned(effect) = event { Some(effect) } else { None })
        .expect("it is emitted");
    assert!(effect.new_after < 0.8 * effect.new_before, "{effect:?}");
    assert!(effect.replay_rows == 266 && effect.old_after < 3.0 * effect.old_before + 0.05, "{effect:?}");
    scored(&events);
    let saved = session.save(true);
    assert_eq!(failures(&SessionHarness::new().open_detector(saved)), [""; 0], "it can be saved again");
}

#[test]
fn columns_that_are_not_found_are_asked_for_before_scoring() {
    let mut session = trained();
    let (rows, _) = session.rows(all());
    // "Girth" is found by its letters; "Gewicht" is not.
    let renamed = parcels(400, 20, 1).replacen("length,girth,weight,kind", "length,Girth!,Gewicht,kind", 1);
    let asked = session.score("juni.csv", renamed.clone());
    let columns = unmatched(&asked);
    assert_eq!((&columns.missing[..], &columns.unused[..]), (&["weight".to_owned()][..], &["Gewicht".to_owned()][..]));
    assert!(!asked.iter().any(|event| matches!(event, Event::Table(TableEvent::Opened(_)))), "nothing is replaced yet");
    assert_eq!(session.rows(all()).0, rows, "the results stay");
    let map = |pairs: &[(&str, &str)]| TableCommand::MapColumns {
        map: pairs.iter().map(|&(old, new)| RenamedColumn { old: old.into(), new: new.into() }).collect(),
    };
    let refused = session.send_table(map(&[("weight", "Gewicht"), ("kind", "Gewicht")]));
    assert!(failure(&refused).contains("chosen for both \"weight\" and \"kind\""), "{refused:?}");
    let events = session.send_table(map(&[("weight", "Gewicht")]));
    assert!(matches!(&events[0], Event::Table(TableEvent::Opened(_))), "the question stood, and is answered now");
    let notes = scored(&events).column_notes.join(" ");
    assert!(notes.contains("\"Gewicht\" as \"weight\"") && notes.contains("\"Girth!\" as \"girth\""), "{notes}");
    let (others, _) = session.rows(all());
    assert!(rows.iter().zip(&others).all(|(one, other)| (one.score - other.score).abs() < 1e-9), "as under its name");

    unmatched(&session.score("juli.csv", renamed));
    let events = session.send_table(TableCommand::Cancel);
    assert!(matches!(&events[..], [Event::Table(TableEvent::Cancelled)]), "{events:?}");
    assert_eq!(session.rows(all()).0, others, "nothing is lost");
    assert!(failure(&session.send_table(map(&[]))).contains("No file waits"));
}

#[test]
fn the_scored_file_keeps_every_byte() {
    let mut session = SessionHarness::new();
    // Windows-1252, semicolons, decimal commas, mixed line ends, a ragged row, blank lines: between rows, and many.
    let mut file = b"l\xe4nge;umfang;=art\r\n".to_vec();
    for line in parcels(60, 20, 3).lines().skip(1) {
        let cells: Vec<String> = line.split(',').map(|cell| cell.replace('.', ",")).collect();
        file.extend(format!("{};{};\"{}\"\r\n", cells[0], cells[1], cells[3]).bytes());
    }
    file.extend(b"11,5;23,0\n");
    file.extend(vec![b'\n'; 9 << 20]);
    file.extend(b"12,5;25,1;\"a\nb\"");
    let events = session.open("masse.csv", file.clone());
    assert_eq!(scanned(&events).rows, 62);
    let events = session.fit(&quick_plan(scanned(&events)));
    assert_eq!(failures(&events), [""; 0]);
    let (name, out) = session.export(TableCommand::ExportScored { format: ScoredFormat::AsRead });
    assert_eq!(name, "masse-scored.csv");
    // Taking out what was added must leave the file.
    let mut rest = &out[..];
    let mut added = 0;
    for &byte in &file {
        while rest.first() != Some(&byte) {
            (rest, added) = (&rest[1..], added + 1);
        }
        rest = &rest[1..];
    }
    assert!(added > 62 * 6 && out.len() - file.len() == added + rest.len());
    assert!(out.starts_with(b"l\xe4nge;umfang;=art;score;percentile;flag;top_column_1"), "{:?}", &out[..60]);
    assert!(out.ends_with(b";"), "what was added ends the last row");

    let (name, report) = session.export(TableCommand::ExportReport);
    let report = String::from_utf8(report).expect("UTF-8");
    assert_eq!(name, "masse-report.html");
    assert!(report.starts_with("<!doctype html>") || report.starts_with("<!DOCTYPE html>"));
    assert!(report.contains("masse.csv") && !report.contains("http://") && !report.contains("<script src"));
}

#[test]
fn work_is_stopped_and_given_up() {
    let mut session = SessionHarness::new();
    let open = |session: &mut SessionHarness, then| {
        let source = Box::new(pinhole_table::source::MemorySource::new("long.csv", parcels(60_000, 20, 1)));
        let file = pinhole_protocol::table::FileSlot { name: "long.csv".into(), index: 0 };
        session.react(|event| matches!(event, TableEvent::Progress(_)), then);
        session.send_table_with(TableCommand::Open { files: vec![file], part: None }, vec![source])
    };
    let events = open(&mut session, TableCommand::Cancel);
    assert!(matches!(events.last(), Some(Event::Table(TableEvent::Cancelled))));
    let events = open(&mut session, TableCommand::Fit { plan: Box::default() });
    assert!(failure(&events).contains("No table") || failure(&events).contains("not been read"), "{events:?}");
    let summary = scanned(&events).clone();

    let fit = TableCommand::Fit { plan: Box::new(plan(&summary)) };
    let events = session.send_table_and(fit.clone(), is_training, TableCommand::Cancel);
    assert!(matches!(events.last(), Some(Event::Table(TableEvent::Cancelled))));
    assert!(failure(&session.send_table(TableCommand::SaveDetector { with_replay: true })).contains("no detector"));

    let events = session.send_table_and(fit.clone(), is_training, TableCommand::Stop);
    assert_eq!(failures(&events), [""; 0]);
    assert_eq!(scored(&events).summary.rows, 60_000, "training ended early, and the rows are scored");
    let events = session.send_table_and(fit.clone(), is_training, TableCommand::Compare);
    assert!(failure(&events).contains("under way"), "and the training goes on");
    scored(&events);
    let unsupervised = pinhole_protocol::table::DetectorPlan { rows: RowChoice::Unsupervised, ..plan(&summary) };
    let events =
        session.send_table_and(TableCommand::Fit { plan: Box::new(unsupervised) }, is_training, TableCommand::Stop);
    scored(&events);
    assert!(failure(&session.send_table(TableCommand::Stop)).contains("Nothing"));
}

#[test]
fn reading_a_file_otherwise_leaves_its_ranking() {
    let mut session = trained();
    let (rows, _) = session.rows(all());
    let dialect = pinhole_protocol::table::Dialect { delimiter: ";".into(), ..Default::default() };
    let events = session.send_table(TableCommand::Reread { dialect: dialect.clone() });
    assert_eq!(scanned(&events).columns.len(), 1);
    assert_eq!(session.rows(all()).0, rows);
    let (_, out) = session.export(TableCommand::ExportScored { format: ScoredFormat::AsRead });
    assert!(out.starts_with(b"length,girth,weight,kind,label,score"));
    let bad = pinhole_protocol::table::Dialect { delimiter: "ab".into(), ..dialect };
    assert!(failure(&session.send_table(TableCommand::Reread { dialect: bad })).contains("delimiter"));
}

#[test]
fn a_threshold_stays_with_its_detector() {
    let mut session = trained();
    session.send_table(TableCommand::SetThreshold { rule: ThresholdRule::Score(1.25) });
    let one = session.save(true);
    session.send_table(TableCommand::SetThreshold { rule: ThresholdRule::Score(77.0) });
    session.open_detector(one);
    let events = session.score("again.csv", parcels(100, 20, 4));
    assert!((scored(&events).threshold.value - 1.25).abs() < 1e-12, "not that of the ranking before");
}
