//! `pinhole score --map`: columns that have another name in the table.

use std::fs;

use crate::program::{folder, pinhole, succeed};

fn table(header: &str) -> String {
    let row = |row: usize| format!("{}.5,{},{}", row * 37 % 101, row * 53 % 17, ["x", "y"][row % 2]);
    format!("{header}\n{}\n", (0..120).map(row).collect::<Vec<_>>().join("\n"))
}

#[test]
fn renamed_columns_are_matched_or_mapped() {
    let folder = folder("renamed_columns");
    let write = |name: &str, header: &str| fs::write(folder.join(name), table(header)).expect("written");
    write("t.csv", "amount,unit_price,kind");
    write("letters.csv", "Amount,Unit Price,KIND");
    write("others.csv", "Betrag,Preis,kind");
    succeed(&folder, "fit t.csv --method pca --out d.safetensors");
    let score = |table: &str, map: &str| {
        let output = pinhole(&folder, &format!("score d.safetensors {table} {map} --out s.csv"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{error}");
        let written = fs::read_to_string(folder.join("s.csv")).expect("written");
        let scores: Vec<String> =
            written.lines().skip(1).map(|line| line.split(',').nth(3).expect("a score").to_owned()).collect();
        (scores, error)
    };
    let (plain, _) = score("t.csv", "");
    let (by_letters, notes) = score("letters.csv", "");
    assert!(by_letters == plain && notes.contains("\"Unit Price\" as \"unit_price\""), "{notes}");
    let (mapped, notes) = score("others.csv", "--map amount=Betrag --map unit_price=Preis");
    assert!(mapped == plain && notes.contains("\"Betrag\" as \"amount\""), "{notes}");
    assert!(!notes.contains("lacks"), "{notes}");
    let (unmapped, notes) = score("others.csv", "");
    assert!(unmapped != plain && notes.contains("lacks 2 of the detector's 3 columns"), "{notes}");
    assert!(notes.contains("--map \"amount=Betrag\""), "the way out is named: {notes}");
}

#[test]
fn maps_that_contradict_themselves_are_refused_in_a_sentence() {
    let folder = folder("contradicting_maps");
    fs::write(folder.join("t.csv"), table("amount,price,kind")).expect("written");
    fs::write(folder.join("others.csv"), table("Betrag,Preis,kind")).expect("written");
    succeed(&folder, "fit t.csv --method pca --out d.safetensors");
    for (map, words) in [
        ("--map amount=Betrag --map amount=Preis", "\"amount\" is mapped to both \"Betrag\" and \"Preis\""),
        ("--map amount=Betrag --map price=Betrag", "\"Betrag\" is chosen for both \"amount\" and \"price\""),
        ("--map sum=Betrag", "The detector has no column \"sum\""),
        ("--map amount=Summe", "The file has no column \"Summe\""),
    ] {
        let output = pinhole(&folder, &format!("score d.safetensors others.csv {map} --out s.csv"));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.lines().count() == 1 && error.contains(words), "{error}");
    }
    assert!(!folder.join("s.csv").exists());
}
