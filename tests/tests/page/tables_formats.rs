//! Tables that are no text: workbooks, Parquet, several files together, and cells that are pasted.

use std::{fmt::Write as _, sync::Arc};

use anyhow::{Context as _, Result, ensure};
use parquet::{
    data_type::{DoubleType, Int64Type},
    file::{
        properties::WriterProperties,
        reader::{FileReader as _, SerializedFileReader},
        writer::SerializedFileWriter,
    },
    schema::parser::parse_message_type,
};
use pinhole_e2e::{
    Page, Setup,
    csv::SeededRng,
    files::Folder,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use rust_xlsxwriter::Workbook;
use serde_json::json;

/// Rows of the tables.
const ROWS: u32 = 240;

/// Row, from 1, in which flow and load contradict each other.
const ANOMALY: u32 = 121;

/// Flow and load of a pump.
fn reading(row: u32, rng: &mut SeededRng) -> (f64, f64) {
    let flow = 20.0 + 3.0 * rng.normal();
    let load = if row == ANOMALY { 90.0 - 2.0 * flow } else { 2.0 * flow };
    ((flow * 100.0).round() / 100.0, ((load + 0.2 * rng.normal()) * 100.0).round() / 100.0)
}

/// A workbook with a cover, the readings below a title, and another sheet.
fn workbook() -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Cover")?.write(0, 0, "Pump 3")?;
    let sheet = workbook.add_worksheet().set_name("Readings")?;
    sheet.write(0, 0, "All readings of the year")?;
    for (column, name) in (0..).zip(["Flow", "Load", "Valve"]) {
        sheet.write(2, column, name)?;
    }
    let mut rng = SeededRng::new(11);
    for row in 1..=ROWS {
        let (flow, load) = reading(row, &mut rng);
        sheet.write(2 + row, 0, flow)?.write(2 + row, 1, load)?.write(
            2 + row,
            2,
            ["open", "shut"][row as usize % 2],
        )?;
    }
    let other = workbook.add_worksheet().set_name("Limits")?;
    other.write(0, 0, "Low")?.write(0, 1, "High")?;
    for row in 1..20_u32 {
        other.write(row, 0, row * row % 7)?.write(row, 1, row * 5 % 11)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn parquet_file() -> Result<Vec<u8>> {
    let schema = parse_message_type(
        "message pump { REQUIRED DOUBLE flow; REQUIRED DOUBLE load; REQUIRED INT64 at (TIMESTAMP_MILLIS); }",
    )?;
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(WriterProperties::default()))?;
    let mut rng = SeededRng::new(12);
    let readings: Vec<(f64, f64)> = (1..=ROWS).map(|row| reading(row, &mut rng)).collect();
    let mut group = writer.next_row_group()?;
    for values in [readings.iter().map(|pair| pair.0).collect::<Vec<_>>(), readings.iter().map(|pair| pair.1).collect()]
    {
        let mut column = group.next_column()?.context("a column")?;
        column.typed::<DoubleType>().write_batch(&values, None, None)?;
        column.close()?;
    }
    let times: Vec<i64> = (0..i64::from(ROWS)).map(|row| 1_700_000_000_000 + 60_000 * row).collect();
    let mut column = group.next_column()?.context("a column")?;
    column.typed::<Int64Type>().write_batch(&times, None, None)?;
    column.close()?;
    group.close()?;
    Ok(writer.into_inner()?)
}

async fn ensure_status(page: &Page, wanted: &str) -> Result<()> {
    page.until_table(&format!("\"{wanted}\""), LONG_TIMEOUT, async || {
        Ok((page.table_phase().await? == "ready" && page.table_status().await?.contains(wanted)).then_some(()))
    })
    .await
}

#[test]
fn a_workbook_is_read_scored_and_written_as_one() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("workbook")?;
        let file = folder.write("pump.xlsx", &workbook()?)?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        ensure_status(page, "240 rows, 3 columns").await?;
        ensure!(page.selected_title("Sheet").await? == "Readings", "the cover has no table");
        page.choose_by_title("Sheet", "Limits").await?;
        ensure_status(page, "19 rows, 2 columns").await?;
        page.choose_by_title("Sheet", "Readings").await?;
        ensure_status(page, "240 rows, 3 columns").await?;
        page.unfold_all().await?;
        ensure!(page.page_text().await?.contains("The sheet “Readings” is read"), "which sheet is read is said");
        page.train_on_table().await?;
        let (name, scored) = page.download("Download scored table", "xlsx").await?;
        ensure!(name == "pump-scored.xlsx" && scored.starts_with(b"PK"), "{name}");
        let (name, csv) = page.download("Download as CSV", "csv").await?;
        let csv = String::from_utf8(csv)?;
        println!("{name}: {}", csv.lines().take(4).collect::<Vec<_>>().join(" | "));
        ensure!(csv.lines().nth(2).is_some_and(|line| line.starts_with("Flow,Load,Valve,score,")), "{csv}");
        // The workbook that was written can be opened, scores and all.
        let written = folder.write("again.xlsx", &scored)?;
        page.open_csv(&written).await?;
        ensure_status(page, "240 rows, 9 columns").await
    });
}

#[test]
fn parquet_is_read_scored_and_written_as_parquet() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("parquet")?;
        let file = folder.write("pump.parquet", &parquet_file()?)?;
        page.open_tables().await?;
        page.open_csv(&file).await?;
        ensure_status(page, "240 rows, 3 columns").await?;
        page.train_on_table().await?;
        let (name, scored) = page.download("Download scored table", "parquet").await?;
        ensure!(name == "pump-scored.parquet", "{name}");
        let reader = SerializedFileReader::new(bytes::Bytes::from(scored))?;
        let fields = reader.metadata().file_metadata().schema().get_fields().len();
        ensure!(fields == 9 && reader.metadata().file_metadata().num_rows() == i64::from(ROWS), "{fields} columns");
        Ok(())
    });
}

#[test]
fn several_files_and_pasted_cells_are_tables() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("several")?;
        let mut rng = SeededRng::new(13);
        let mut text = |head: &str, mark: char| {
            let mut text = format!("{head}\n");
            for row in 1..=ROWS {
                let (flow, load) = reading(row, &mut rng);
                // Writing to a string does not fail.
                let _ = writeln!(text, "{flow}{mark}{load}");
            }
            text
        };
        let june = folder.write("june.csv", text("flow,load", ',').as_bytes())?;
        let july = folder.write("july.csv", text("flow;load", ';').as_bytes())?;
        let other = folder.write("other.csv", text("flow,pressure", ',').as_bytes())?;
        let cells = text("flow\tload", '\t');

        page.open_tables().await?;
        page.attach("Open table", &[&june, &july]).await?;
        ensure_status(page, "480 rows, 3 columns").await?;
        page.attach("Open table", &[&june, &other]).await?;
        page.until("a notice about the columns", SHORT_TIMEOUT, async || {
            let notices = page.notices().await?;
            Ok(notices.iter().any(|notice| notice.contains("other.csv") && notice.contains("pressure")).then_some(()))
        })
        .await?;
        ensure!(page.table_status().await?.contains("480 rows"), "the table before stays");
        page.press("Dismiss").await?;

        page.press("Paste table").await?;
        let nameless = page.nameless_controls().await?;
        ensure!(nameless.is_empty(), "without a name: {nameless:#?}");
        let paste = "const field = document.querySelector('textarea[aria-label=Cells]');
            const data = new DataTransfer();
            data.setData('text/plain', arguments[0]);
            field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));";
        page.script(paste, vec![json!(cells)]).await?;
        ensure_status(page, "240 rows, 2 columns").await?;
        ensure!(page.table_status().await?.starts_with("Pasted table"), "{}", page.table_status().await?);
        Ok(())
    });
}
