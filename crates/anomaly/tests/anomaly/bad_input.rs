//! Tables that teach little: each is learnt from, or refused in one sentence.

use std::fmt::Write as _;

use pinhole_anomaly::{
    Ranking,
    jobs::{FitJob, Job as _, ScoreJob},
};
use pinhole_protocol::table::{ColumnKind, DetectorPlan, Method};
use pinhole_table::source::MemorySource;

use crate::parcels::{fit, open, plan, run};

fn fit_text(text: String, change: impl Fn(&mut DetectorPlan)) -> Result<Ranking, String> {
    let (table, summary) = open(Box::new(MemorySource::new("table.csv", text)));
    let mut plan = DetectorPlan { label: None, method: Method::Pca, ..plan(&summary) };
    change(&mut plan);
    let mut job = FitJob::new(&table, plan.clone()).map_err(|error| error.to_string())?;
    loop {
        match pollster::block_on(job.advance()) {
            Ok(Some(_)) => return Ok(fit(&table, plan)),
            Ok(None) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Amounts of machines with a level each; `machine` names that of a row.
fn machines(rows: usize, machine: impl Fn(usize) -> usize) -> String {
    let mut text = String::from("machine,load\n");
    for row in 0..rows {
        let level = 20 * (machine(row) % 7);
        writeln!(text, "M{},{}.{}", machine(row), level + row * 7 % 5, row * 13 % 10).expect("text can be written");
    }
    text
}

fn by_machine(plan: &mut DetectorPlan) {
    plan.entity = Some("machine".into());
}

#[test]
fn an_entity_of_one_row_is_scored_by_what_is_known() {
    let ranking =
        fit_text(machines(200, |row| if row == 99 { 500 } else { row % 6 }), by_machine).expect("it is learnt");
    assert!(ranking.rows().scores().iter().all(|score| score.is_finite()));
    let details = ranking.details(100).expect("the row of the machine");
    assert!(
        details.contributions.iter().any(|column| column.expected.contains("little is known of M500")),
        "{details:?}"
    );
}

#[test]
fn a_file_of_entities_that_were_never_seen_is_told() {
    let ranking = fit_text(machines(200, |row| row % 6), by_machine).expect("it is learnt");
    let (other, _) = open(Box::new(MemorySource::new("june.csv", machines(80, |row| 100 + row % 6))));
    let scored = run(ScoreJob::new(&other, ranking.detector(), None).expect("its columns are there"));
    let notes = scored.file().column_notes.join(" ");
    assert!(notes.contains("Of 80 rows of 80 nothing is known by \"machine\""), "{notes}");
    let (known, _) = open(Box::new(MemorySource::new("july.csv", machines(80, |row| row % 6))));
    let scored = run(ScoreJob::new(&known, ranking.detector(), None).expect("its columns are there"));
    assert_eq!(scored.file().column_notes, [""; 0]);
}

#[test]
fn as_many_entities_as_rows_are_refused_in_a_sentence() {
    let sentence = fit_text(machines(60, |row| row), by_machine).map(|_| ()).expect_err("nothing is usual");
    assert_eq!(
        sentence,
        "No value of \"machine\" occurs in 3 rows or more, so that nothing is usual for it: choose another entity \
         column, or none."
    );
}

#[test]
fn rows_that_are_all_alike_are_refused_or_have_one_score() {
    let alike = || format!("a,b\n{}", "1.5,x\n".repeat(60));
    let sentence = fit_text(alike(), |_| {}).map(|_| ()).expect_err("nothing differs");
    assert!(sentence.contains("No column is used"), "{sentence}");
    let forced = fit_text(alike(), |plan| {
        plan.columns[0] =
            pinhole_protocol::table::ColumnPlan { name: "a".into(), kind: ColumnKind::Numeric, used: true };
    });
    let ranking = forced.expect("a person may insist");
    let scores = ranking.rows().scores();
    assert!(scores.iter().all(|score| score.is_finite() && (score - scores[0]).abs() < 1e-9));
    let warnings = ranking.file().summary.warnings.join(" ");
    assert!(warnings.contains("same score"), "{warnings}");
}

#[test]
fn a_table_of_one_column_is_ranked() {
    let mut text = String::from("load\n");
    (0..60).for_each(|row| writeln!(text, "{}", 10 + row * 7 % 9).expect("text can be written"));
    let ranking = fit_text(text + "900\n", |_| {}).expect("it is learnt");
    assert_eq!(ranking.top(1).expect("it can be read")[0].row, 61);
}

#[test]
fn sixty_thousand_categories_are_a_column() {
    let mut text = String::from("name,load\n");
    for row in 0..120_000 {
        let load = if row == 777 { 500 } else { 10 + row * 7 % 9 };
        writeln!(text, "n{},{load}", row % 60_000).expect("text can be written");
    }
    let (_, summary) = open(Box::new(MemorySource::new("table.csv", text.as_str())));
    let reason = summary.columns[0].exclusion_reason.as_deref().expect("they are too many to be learnt from unasked");
    assert!(reason.contains("different values in 120000 rows"), "{reason}");
    let ranking = fit_text(text, |plan| {
        plan.columns[0].kind = ColumnKind::Categorical;
        plan.columns[0].used = true;
    });
    let ranking = ranking.expect("they are encoded by their frequency");
    assert_eq!(ranking.top(1).expect("it can be read")[0].row, 778);
}
