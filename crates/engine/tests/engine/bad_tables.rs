//! Tables that cannot be trained on, or hardly: each gets an error or a warning, and the open data stays.

use std::{cell::Cell, rc::Rc};

use crate::session_harness::{SessionHarness, failure, failures, parcels, plan, quick_plan, scanned, scored};
use pinhole_protocol::{
    Event,
    table::{DetectorPlan, LabelPlan, Method, RowQuery, ScoredFormat, ScoredRow, TableCommand},
};
use pinhole_table::{
    TableError,
    source::{ByteSource, MemorySource},
};

/// A session with a ranking, and the ranking.
fn session_with_ranking() -> (SessionHarness, Vec<ScoredRow>) {
    let mut session = SessionHarness::new();
    let events = session.open("parcels.csv", parcels(200, 20, 1));
    scored(&session.fit(&quick_plan(scanned(&events))));
    let (rows, _) = session.rows(all());
    (session, rows)
}

fn all() -> RowQuery {
    RowQuery { count: 1000, ..RowQuery::default() }
}

fn assert_nothing_is_lost(session: &mut SessionHarness, rows: &[ScoredRow]) {
    assert_eq!(session.rows(all()).0, rows);
    session.save(true);
}

/// The rows of a table of `length,girth`.
fn ordinary(rows: usize) -> String {
    parcels(rows, 1000, 5)
        .lines()
        .skip(1)
        .map(|line| line.splitn(3, ',').take(2).collect::<Vec<_>>().join(",") + "\n")
        .collect()
}

#[test]
fn files_that_are_no_tables_are_refused_and_nothing_is_lost() {
    let (mut session, rows) = session_with_ranking();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("nothing.csv", Vec::new(), "is empty"),
        ("blank.csv", b"\r\n\n \n".to_vec(), "is empty"),
        ("picture.csv", png, "PNG picture"),
        ("cut.csv.gz", b"\x1f\x8b\x08\x00\0\0\0\0\0\x03".to_vec(), "cut off"),
    ];
    for (name, bytes, word) in cases {
        let events = session.open(name, bytes.clone());
        let sentence = failure(&events);
        assert!(sentence.contains(word) && sentence.contains(name), "{sentence}");
        let events = session.score(name, bytes);
        assert!(failure(&events).contains(word), "{events:?}");
        assert_nothing_is_lost(&mut session, &rows);
    }
    // The open table is still the one before.
    assert!(failures(&session.send_table(TableCommand::Compare)).is_empty());
}

#[test]
fn tables_that_teach_nothing_are_told_when_they_should_train() {
    let (mut session, rows) = session_with_ranking();
    let blanks = format!("a,b\n{}", ",\n".repeat(40));
    let same = format!("a,b\n{}", "1,x\n".repeat(40));
    let cases: [(&str, String, &str); 7] = [
        ("header.csv", "length,girth\n".into(), "no rows"),
        ("one.csv", "length,girth\n1,2\n".into(), "too few"),
        ("few.csv", format!("length,girth\n{}", ordinary(12)), "use PCA"),
        ("blanks.csv", blanks, "no rows"),
        ("missing.csv", format!("a,b\n{}", "NA,NA\n".repeat(40)), "column"),
        ("same.csv", same, "column"),
        (
            "words.csv",
            format!("name\n{}", (0..40).map(|row| format!("word {row} of many")).collect::<Vec<_>>().join("\n")),
            "column",
        ),
    ];
    for (name, text, word) in cases {
        let events = session.open(name, text);
        let events = if failures(&events).is_empty() { session.fit(&plan(scanned(&events))) } else { events };
        assert!(failure(&events).contains(word), "{name}: {}", failure(&events));
        assert_nothing_is_lost(&mut session, &rows);
    }
    let events = session.open("few.csv", format!("length,girth\n{}", ordinary(12)));
    assert_eq!(scored(&session.fit(&quick_plan(scanned(&events)))).summary.rows, 12, "PCA learns from few");
}

#[test]
fn malformed_cells_are_read_as_well_as_can_be() {
    let mut session = SessionHarness::new();
    let mut text = format!("length,girth\r\n{}", ordinary(60)).replace("\n1", "\r1");
    text += "inf,20\n1e999,20\r\n11\0,22\n\"12,24\n";
    let events = session.open("malformed.csv", text.clone());
    let summary = scanned(&events);
    for word in ["infinite", "NUL", "never closed"] {
        assert!(
            summary.warnings.iter().any(|warning| warning.message.contains(word)),
            "{word}: {:?}",
            summary.warnings
        );
    }
    let events = session.fit(&quick_plan(summary));
    scored(&events);
    let (rows, total) = session.rows(all());
    assert!(total >= 63 && rows.iter().all(|row| row.score.is_finite()));
    let (_, out) = session.export(TableCommand::ExportScored { format: ScoredFormat::AsRead });
    assert!(out.len() > text.len());
}

#[test]
fn one_column_is_a_table() {
    let mut session = SessionHarness::new();
    let rows = ordinary(60);
    let text: Vec<&str> = rows.lines().filter_map(|line| line.split(',').next()).collect();
    let events = session.open("one-column.csv", format!("length\n{}\n900\n", text.join("\n")));
    let events = session.fit(&plan(scanned(&events)));
    scored(&events);
    assert_eq!(session.rows(all()).0[0].row, 61, "900 lies apart");
}

#[test]
fn a_label_that_is_missing_or_says_one_thing_is_told() {
    let (mut session, rows) = session_with_ranking();
    let events = session.open("parcels.csv", parcels(200, 20, 1));
    let summary = scanned(&events).clone();
    let labelled = |column: &str, anomalous: &str| DetectorPlan {
        label: Some(LabelPlan { column: column.into(), anomalous_values: vec![anomalous.into()] }),
        ..quick_plan(&summary)
    };
    assert!(failure(&session.fit(&labelled("lable", "1"))).contains("\"lable\""));
    assert_nothing_is_lost(&mut session, &rows);
    let events = session.fit(&labelled("label", "7"));
    let file = scored(&events);
    let missing = file.summary.measures_missing.as_deref().expect("nothing is anomalous");
    assert!(file.summary.measures.is_none() && missing.contains("\"label\""), "{missing}");
    let all_anomalous = DetectorPlan {
        label: Some(LabelPlan { column: "label".into(), anomalous_values: vec!["0".into(), "1".into()] }),
        ..quick_plan(&summary)
    };
    assert!(failure(&session.fit(&all_anomalous)).contains("calls every row anomalous"));
    // Rows whose label is empty are neither: they train nothing and are not measured.
    let half: String = parcels(200, 20, 1)
        .lines()
        .enumerate()
        .map(|(index, line)| if index > 100 { format!("{}\n", &line[..line.len() - 1]) } else { format!("{line}\n") })
        .collect();
    session.open("half.csv", half);
    let events = session.fit(&labelled("label", "1"));
    assert!(scored(&events).summary.measures.is_some());
    assert_eq!(session.rows(all()).0.iter().filter(|row| row.is_anomalous.is_none()).count(), 100);
}

/// A file that can no longer be read once the flag is set.
struct VanishingFile {
    file: MemorySource,
    is_gone: Rc<Cell<bool>>,
}

impl ByteSource for VanishingFile {
    fn name(&self) -> &str {
        self.file.name()
    }

    fn len_bytes(&self) -> u64 {
        self.file.len_bytes()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, TableError> {
        if self.is_gone.get() {
            return Err(TableError::Unreadable { name: self.name().into(), reason: "NotReadableError".into() });
        }
        self.file.read_at(offset, buffer)
    }
}

#[test]
fn a_file_that_changes_is_told_by_whatever_reads_it() {
    let is_gone = Rc::new(Cell::new(false));
    let file = MemorySource::new("fading.csv", parcels(200, 20, 1));
    let mut session = SessionHarness::new();
    let events = session.open_source(Box::new(VanishingFile { file, is_gone: is_gone.clone() }));
    let plan = quick_plan(scanned(&events));
    scored(&session.fit(&plan));
    is_gone.set(true);
    let query = TableCommand::Rows { request: 1, query: all() };
    let dialect = Box::default();
    let reread = TableCommand::Reread { dialect: *dialect };
    for command in [
        TableCommand::Fit { plan: Box::new(plan.clone()) },
        query,
        reread,
        TableCommand::Details { row: 3 },
        TableCommand::ExportScored { format: ScoredFormat::AsRead },
        TableCommand::Compare,
    ] {
        let events = session.send_table(command);
        let sentence = failure(&events);
        assert!(
            sentence.contains("“fading.csv” could not be read") && sentence.contains("Open it again"),
            "{sentence}"
        );
    }
    session.save(true);
    is_gone.set(false);
    assert_eq!(session.rows(all()).1, 200, "nothing was lost");
}

#[test]
fn ten_thousand_columns_are_ranked() {
    let header: Vec<String> = (0..10_000).map(|column| format!("c{column}")).collect();
    let mut text = header.join(",") + "\n";
    for row in 0..40_usize {
        let cells: Vec<String> = (0..10_000).map(|column| ((row * 31 + column * 17) % 97).to_string()).collect();
        text += &(cells.join(",") + "\n");
    }
    let mut session = SessionHarness::new();
    let events = session.open("wide.csv", text);
    let wide = DetectorPlan { method: Method::IsolationForest, label: None, ..plan(scanned(&events)) };
    assert_eq!(scored(&session.fit(&wide)).summary.rows, 40);
    assert_eq!(session.rows(RowQuery { count: 2, ..RowQuery::default() }).0[0].cells.len(), 10_000);
}

#[test]
fn a_field_of_a_hundred_megabytes_is_scored_and_kept() {
    let mut file = format!("length,girth\n{}", ordinary(40)).into_bytes();
    file.extend_from_slice(b"12.5,");
    file.extend(vec![b'7'; 100 << 20]);
    file.extend_from_slice(b"\n11.5,23.1\n");
    let mut session = SessionHarness::new();
    let events = session.open("long.csv", file.clone());
    let summary = scanned(&events);
    assert_eq!(summary.rows, 42);
    assert!(summary.warnings.iter().any(|warning| warning.row == Some(41)), "{:?}", summary.warnings);
    let events = session.fit(&quick_plan(summary));
    scored(&events);
    let (_, out) = session.export(TableCommand::ExportScored { format: ScoredFormat::AsRead });
    let start = out.windows(8).position(|window| window == b"12.5,777").expect("the row is there");
    assert!(out[start + 5..].iter().take(100 << 20).all(|&byte| byte == b'7'), "every byte of it is kept");
    assert!(out.len() - file.len() < 42 * 100 + 100);
}

#[test]
fn five_million_rows_are_ranked() {
    let mut file = b"a,b\n".to_vec();
    for row in 0..5_000_000_u32 {
        let [a, b] = [row % 90 + 10, row * 7 % 90 + 10];
        file.extend([a / 10, a % 10].map(|digit| b'0' + digit as u8));
        file.push(b',');
        file.extend([b / 10, b % 10].map(|digit| b'0' + digit as u8));
        file.push(b'\n');
    }
    let mut session = SessionHarness::new();
    let events = session.open("tall.csv", file);
    let tall = DetectorPlan { label: None, ..quick_plan(scanned(&events)) };
    assert_eq!(scored(&session.fit(&tall)).summary.rows, 5_000_000);
    let last = RowQuery { offset: 4_999_999, count: 5, ..RowQuery::default() };
    assert_eq!(session.rows(last).0.len(), 1);
}

#[test]
fn commands_that_are_impossible_now_are_refused() {
    let mut session = SessionHarness::new();
    let commands = [
        (TableCommand::Compare, "No table has been scored"),
        (TableCommand::FineTune, "No table has been scored"),
        (TableCommand::ExportScored { format: ScoredFormat::AsRead }, "No table has been scored"),
        (TableCommand::ExportReport, "No table has been scored"),
        (TableCommand::Details { row: 1 }, "No table has been scored"),
        (TableCommand::SaveDetector { with_replay: true }, "no detector"),
        (TableCommand::Fit { plan: Box::default() }, "no table"),
        (TableCommand::Cancel, "Nothing is under way"),
    ];
    for (command, word) in commands {
        let events = session.send_table(command);
        assert!(failure(&events).contains(word), "{events:?}");
    }
    assert!(failure(&session.score("x.csv", "a,b\n1,2\n")).contains("no detector"));
    let (mut session, rows) = session_with_ranking();
    for bytes in [b"no detector".to_vec(), Vec::new(), session.save(true)[..500].to_vec()] {
        let events = session.open_detector(bytes);
        assert!(matches!(&events[..], [Event::Failed(_)]), "{events:?}");
    }
    assert!(failure(&session.score("strange.csv", "x,y\n1,2\n3,4\n")).contains("none of"));
    assert_nothing_is_lost(&mut session, &rows);
}
