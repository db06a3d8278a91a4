//! Notations of cells: minutes and seconds, marks of footnotes, limits of detection, codes, and zeros of accountants.

use pinhole_protocol::table::ColumnKind;

use crate::reading::{check_numbers, first, scan_cells, scan_column};

#[test]
fn two_parts_are_minutes_and_seconds_where_one_is_beyond_a_day() {
    for (cells, range) in [
        (&["12:34", "75:10", "08:05"][..], (485.0, 4510.0)),
        (&["12:34.5", "09:10.2", "11:00.0"], (550.2, 754.5)),
        (&["59:58", "1:02:03", "48:10"], (2890.0, 3723.0)),
        (&["24:30", "23:10", "22:05", "25:00"], (1325.0, 1500.0)),
        (&["3:05,25", "2:59,75", "3:10,00"], (179.75, 190.0)),
        (&["-75:10", "12:00", "80:00"], (-4510.0, 4800.0)),
    ] {
        check_numbers(';', cells, range, None);
    }
    // What stays as it is: times of day, and hours where the name says so.
    assert_eq!(first(&scan_cells(',', &["12:34", "09:10", "23:59"])).kind, ColumnKind::DateTime);
    for (name, max) in
        [("Arbeitszeit (h:mm)", 135_000.0), ("hours", 135_000.0), ("pace", 2250.0), ("Dauer (mm:ss)", 2250.0)]
    {
        let summary = scan_column(name, |row| if row % 2 == 0 { "37:30".into() } else { format!("{}:15", row % 9) });
        assert_eq!((first(&summary).kind, first(&summary).max), (ColumnKind::Numeric, Some(max)), "{name}");
    }
    let named = scan_column("Dauer (mm:ss)", |row| format!("{}:{:02}", row % 12, row * 7 % 60));
    assert_eq!((first(&named).kind, first(&named).max), (ColumnKind::Numeric, Some(11.0 * 60.0 + 53.0)));
}

#[test]
fn marks_of_footnotes_belong_to_no_number() {
    for cells in [
        ["3.5*", "12.25", "7.75"],
        ["3.5", "12.25 (e)", "7.75"],
        ["3.5 [1]", "12.25", "7.75 [2]"],
        ["3.5†", "12.25‡", "7.75"],
        ["3.5 p", "12.25 e", "7.75"],
        ["3.5¹", "12.25", "7.75**"],
        ["3.5 bp", "12.25", "7.75 #"],
    ] {
        check_numbers(';', &cells, (3.5, 12.25), None);
    }
    check_numbers(';', &["3,5*", "12,25", "1.207,75"], (3.5, 1207.75), None);
    for codes in [["12a", "7b", "3c"], ["12b", "7e", "3p"], ["5A*", "6B*", "7C*"]] {
        assert_ne!(first(&scan_cells(',', &codes)).kind, ColumnKind::Numeric, "{codes:?}");
    }
}

#[test]
fn what_is_below_detection_is_missing() {
    for marker in ["<LOD", "<LOQ", "< 0.5", "BDL", "blq", "<LLOQ", "<MDL"] {
        let summary = scan_cells(',', &["2.5", marker, "7.25", marker]);
        let column = first(&summary);
        assert_eq!((column.kind, column.max), (ColumnKind::Numeric, Some(7.25)), "{marker} {column:?}");
        assert_eq!(column.missing, if marker == "< 0.5" { 0 } else { 30 }, "{marker}");
    }
}

#[test]
fn hexadecimal_codes_are_no_numbers() {
    for cells in [
        ["12e5", "3E10", "7f2a", "00ff"],
        ["3e921457", "004b1c9d", "1e5", "77e3"],
        ["0x1F", "0x2e3", "0x10", "0xA0"],
        ["1e100", "9a", "4e2", "7d"],
        ["2E4A", "1234", "5E10", "BEEF"],
    ] {
        let summary = scan_cells(',', &cells);
        assert!(matches!(first(&summary).kind, ColumnKind::Categorical | ColumnKind::Identifier), "{cells:?}");
        assert!(first(&summary).examples.iter().all(|example| cells.contains(&example.as_str())), "{cells:?}");
    }
    check_numbers(',', &["1e5", "2.5E3", "7e-2"], (0.07, 100_000.0), None);
}

#[test]
fn the_dash_of_accountants_is_zero() {
    for (cells, range, unit) in [
        ([" $1,421.40 ", " $(1,659.48)", " $-   "], (-1659.48, 1421.4), "$"),
        (["$12.50", "$7.25", "$ -"], (0.0, 12.5), "$"),
        (["€ 12.50", "€ 7.25", "€ -"], (0.0, 12.5), "€"),
        (["USD 12.50", "USD 7.25", "- USD"], (0.0, 12.5), "USD"),
        (["£(3.00)", "£7.25", "£–"], (-3.0, 7.25), "£"),
        (["12,50 €", "-7,25 €", " -   € "], (-7.25, 12.5), "€"),
    ] {
        check_numbers(';', &cells, range, Some(unit));
    }
    // Without a currency a dash is a missing value.
    let summary = scan_cells(',', &["12.5", "-", "7.25"]);
    assert_eq!((first(&summary).kind, first(&summary).missing), (ColumnKind::Numeric, 20));
}
