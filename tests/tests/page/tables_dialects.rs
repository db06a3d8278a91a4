//! Dialects of CSV files: guessed encodings, delimiters and number formats, and corrections by hand.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    csv::{SeededRng, ensure_extended},
    files::Folder,
    page::SHORT_TIMEOUT,
    scenario,
};

use crate::tables::shared_or_skip;

/// Log of a weather station: Latin-1, semicolons, decimal commas, day before month, CRLF, two lines of preamble.
fn weather_in_latin_1(rows: usize) -> Vec<u8> {
    let mut rng = SeededRng::new(3);
    let mut text = String::from("Messstelle M\u{fc}hlbach\r\nDaten ungepr\u{fc}ft\r\n");
    text.push_str("Datum;Ort;Temperatur \u{b0}C;D\u{fc}ngung kg;Abflu\u{df} m\u{b3}/s;Pr\u{fc}fer\r\n");
    for row in 0..rows {
        let warmth = rng.normal();
        let place = ["H\u{f6}chst", "K\u{f6}ln", "W\u{fc}rzburg"][row % 3];
        let temperature = format!("{:.1}", 12.0 + 6.0 * warmth).replace('.', ",");
        let fertiliser = format!("{:.2}", 1234.0 + 210.0 * rng.normal()).replace('.', ",");
        let discharge = format!("{:.3}", 4.0 + 0.8 * warmth + 0.1 * rng.normal()).replace('.', ",");
        let checker = ["\"M\u{fc}ller; Anna\"", "Gro\u{df}", "n. a."][row % 3];
        let day = format!("{:02}.{:02}.2024", row % 28 + 1, row / 28 % 12 + 1);
        // Writing to a string does not fail.
        let _ = write!(text, "{day};{place};{temperature};{fertiliser};{discharge};{checker}\r\n");
    }
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
}

async fn header_cells(page: &Page) -> Result<Vec<String>> {
    let names = page
        .script(
            "return [...document.querySelectorAll('[aria-label=\"First rows\"] th')].map(head => head.innerText.trim());",
            vec![],
        )
        .await?;
    Ok(serde_json::from_value(names)?)
}

#[test]
fn latin_1_semicolons_and_decimal_commas_are_guessed() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("latin-1")?;
        let original = weather_in_latin_1(600);
        let file = folder.write("Mühlbach.csv", &original)?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        println!("{}", page.table_status().await?);
        ensure!(page.table_status().await?.contains("600 rows, 6 columns"), "{}", page.table_status().await?);
        page.unfold_all().await?;
        for (list, wanted) in [
            ("Encoding", "Windows-1252, Latin-1 (Western European)"),
            ("Delimiter", "Semicolon ;"),
            ("Quote", "Double \""),
            ("Decimal mark", "Comma 3,14"),
        ] {
            let chosen = page.selected_title(list).await?;
            ensure!(chosen == wanted, "{list} is {chosen}, not {wanted}");
        }
        let heads = header_cells(page).await?;
        println!("{heads:?}");
        for (head, wanted) in heads.iter().zip(["Datum", "Ort", "Temperatur °C", "Düngung kg", "Abfluß m³/s", "Prüfer"])
        {
            ensure!(head.starts_with(wanted), "{wanted} is read as {head}");
        }
        for (column, wanted) in [("Datum", "datetime"), ("Ort", "categorical"), ("Abfluß m³/s", "numeric")] {
            let kind = page.selected_title(&format!("Kind of {column}")).await?;
            ensure!(kind == wanted, "{column} is {kind}, not {wanted}");
        }
        ensure!(page.selected_title("Label column").await? == "None", "no column labels the anomalies");
        page.screenshot("tables-latin-1").await?;
        page.train_on_table().await?;
        ensure!(!page.shown_rows().await?.is_empty(), "no row is shown");
        let (name, scored) = page.download("Download scored table", "csv").await?;
        println!("{name}");
        ensure_extended(&original, &scored, 601)?;
        let header = scored.split(|byte| *byte == b'\n').nth(2).context("a header below the preamble")?;
        ensure!(header.windows(6).any(|word| word == b";score"), "{}", String::from_utf8_lossy(header));
        ensure!(scored.ends_with(b"\r\n"), "line ends are CRLF still");
        Ok(())
    });
}

#[test]
fn air_quality_of_a_public_archive_is_read() {
    let Some(file) = shared_or_skip("messy/AirQualityUCI.csv") else { return };
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.open_csv(&file).await?;
        println!("{}", page.table_status().await?);
        ensure!(page.table_status().await?.contains("9,357 rows"), "{}", page.table_status().await?);
        page.unfold_all().await?;
        ensure!(
            page.selected_title("Delimiter").await? == "Semicolon ;",
            "{}",
            page.selected_title("Delimiter").await?
        );
        ensure!(
            page.selected_title("Decimal mark").await? == "Comma 3,14",
            "{}",
            page.selected_title("Decimal mark").await?
        );
        ensure!(
            page.selected_title("Kind of CO(GT)").await? == "numeric",
            "{}",
            page.selected_title("Kind of CO(GT)").await?
        );
        ensure!(
            page.selected_title("Kind of Date").await? == "datetime",
            "{}",
            page.selected_title("Kind of Date").await?
        );
        println!("warnings: {:?}", page.warnings().await?);
        page.train_on_table().await?;
        println!("{}", page.table_status().await?);
        let rows = page.shown_rows().await?;
        ensure!(rows.len() > 5, "{} rows are shown", rows.len());
        let (_, scored) = page.download("Download scored table", "csv").await?;
        ensure_extended(&std::fs::read(&file)?, &scored, 9358)
    });
}

#[test]
fn a_corrected_guess_takes_effect_at_once() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("reread")?;
        let mut text = String::from("a;b;c\n");
        for row in 0..60 {
            let _ = writeln!(text, "{};{},5;{}", row * 7 % 50, row * 3 % 40, row * 11 % 30);
        }
        let file = folder.write("numbers.csv", text.as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        page.unfold_all().await?;
        ensure!(header_cells(page).await?.len() == 3, "{:?}", header_cells(page).await?);
        let until_status = async |wanted: &str| {
            page.until_table(wanted, SHORT_TIMEOUT, async || {
                let is_so = page.table_phase().await? == "ready" && page.table_status().await?.contains(wanted);
                Ok(is_so.then_some(()))
            })
            .await
        };
        page.set_checked("Header row", false).await?;
        until_status("61 rows, 3 columns").await?;
        page.set_checked("Header row", true).await?;
        until_status("60 rows, 3 columns").await?;
        page.choose_by_title("Delimiter", "Comma ,").await?;
        until_status("2 columns").await?;
        page.choose_by_title("Delimiter", "Semicolon ;").await?;
        until_status("60 rows, 3 columns").await?;
        page.assert_alive().await
    });
}

/// Log of a pump as people have it: a row of units, a remark, amounts in dollars, a filler, and decimal commas only far
/// below the first rows.
fn pump_log(rows: usize) -> String {
    let mut rng = SeededRng::new(5);
    let mut text = String::from("minute;temp;flow;cost\ns;\u{b0}C;l/min;\n");
    for row in 0..rows {
        let temp = if row % 100 == 41 { "-999".to_owned() } else { format!("{:.0}", 40.0 + 6.0 * rng.normal()) };
        let flow = if row < 2500 { format!("{}", 20 + row % 7) } else { format!("{},5", 20 + row % 7) };
        let _ = writeln!(text, "{};{temp};{flow};${}", row * 10, 1 + row % 97);
        if row == 30 {
            text.push_str("# pump on, again\n");
        }
    }
    text
}

#[test]
fn files_as_people_have_them_are_read_right() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("pump")?;
        let file = folder.write("pump.csv", pump_log(3000).as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        ensure!(page.table_status().await?.contains("3,000 rows, 4 columns"), "{}", page.table_status().await?);
        page.unfold_all().await?;
        let warnings = page.warnings().await?;
        for told in ["holds units (s, \u{b0}C, l/min)", "1 remark", "decimal comma", "-999 lies far"] {
            ensure!(warnings.iter().any(|warning| warning.contains(told)), "{told} is not told in {warnings:?}");
        }
        for column in ["temp", "flow", "cost"] {
            let kind = page.selected_title(&format!("Kind of {column}")).await?;
            ensure!(kind == "numeric", "{column} is {kind}");
        }
        let row_of = async |name: &str| -> Result<Vec<String>> {
            // Folded again after another reading.
            page.unfold_all().await?;
            let rows = page.cells("Columns").await?;
            rows.into_iter().find(|row| row.iter().any(|cell| cell.starts_with(name))).context("the column is listed")
        };
        let cost = row_of("cost").await?;
        ensure!(cost.iter().any(|cell| cell == "$"), "the unit of {cost:?}");
        page.press("Read -999 as missing").await?;
        page.until_read("pump.csv").await?;
        let temp = row_of("temp").await?;
        ensure!(temp.iter().any(|cell| cell == "1.0 %"), "missing cells of {temp:?}");
        page.screenshot("tables-pump").await?;
        page.train_on_table().await
    });
}
