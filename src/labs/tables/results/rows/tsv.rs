//! A row as tab-separated text, for the clipboard.

/// Tab-separated cells. A cell with tabs, line ends or quotes is quoted, as spreadsheets expect.
pub fn to_tsv(cells: &[String]) -> String {
    let quoted = |cell: &String| {
        if cell.contains(['\t', '\n', '\r', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join("\t")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn special_characters_are_quoted() {
        let cells = ["plain", "a\tb", "say \"so\"", "two\nlines", ""].map(String::from);
        assert_eq!(to_tsv(&cells), "plain\t\"a\tb\"\t\"say \"\"so\"\"\"\t\"two\nlines\"\t");
    }
}
