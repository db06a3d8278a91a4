//! A row as text on the clipboard, as spreadsheets take it.

/// Cells with tabs between them; a cell that holds tabs, line ends or quotes is quoted.
pub fn as_text(cells: &[String]) -> String {
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
    fn cells_stand_apart_whatever_they_hold() {
        let cells = ["plain", "a\tb", "say \"so\"", "two\nlines", ""].map(String::from);
        assert_eq!(as_text(&cells), "plain\t\"a\tb\"\t\"say \"\"so\"\"\"\t\"two\nlines\"\t");
    }
}
