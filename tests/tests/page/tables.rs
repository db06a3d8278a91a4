//! Tables with labels: training, metrics, threshold, export, and a saved detector.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::{ensure_extended, numbers},
    files::{Folder, shared},
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    rows::ShownRow,
    scenario,
};

/// Wisconsin breast cancer table of ADBench: 683 rows, nine columns and `label`.
pub const BREASTW: &str = "adbench/4_breastw.csv";

/// Path of a file in the optional data folder; `None`, with a printed line, if it is not there.
pub fn shared_or_skip(path: &str) -> Option<PathBuf> {
    let file = shared(path);
    if file.is_none() {
        println!("SKIP there is no ../shared/data/{path}");
    }
    file
}

/// Text of the exported scored table.
pub async fn exported(page: &Page) -> Result<String> {
    let (name, bytes) = page.download("Download scored table", "csv").await?;
    println!("{name}: {} bytes", bytes.len());
    String::from_utf8(bytes).context("the exported file is UTF-8, as the original")
}

/// Largest relative difference of two columns of scores.
pub fn largest_relative_difference(one: &[f64], other: &[f64]) -> Result<f64> {
    ensure!(one.len() == other.len() && !one.is_empty(), "{} scores against {}", one.len(), other.len());
    let difference = |(a, b): (&f64, &f64)| (a - b).abs() / a.abs().max(b.abs()).max(1e-9);
    Ok(one.iter().zip(other).map(difference).fold(0.0, f64::max))
}

fn ensure_sorted(rows: &[ShownRow]) -> Result<()> {
    ensure!(rows.len() >= 5, "only {} rows are shown", rows.len());
    for pair in rows.windows(2) {
        ensure!(pair[0].score >= pair[1].score, "row {} is above row {}", pair[0].text, pair[1].text);
    }
    Ok(())
}

#[test]
fn a_labelled_table_is_scored_exported_and_opened_again() {
    let Some(table) = shared_or_skip(BREASTW) else { return };
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.open_csv(&table).await?;
        ensure!(page.table_status().await?.contains("683 rows"), "{}", page.table_status().await?);
        ensure!(
            page.selected_title("Label column").await? == "label",
            "the label is {}",
            page.selected_title("Label column").await?
        );
        page.train_on_table().await?;
        let (auroc, precision) = (page.output_number("AUROC").await?, page.output_number("Average precision").await?);
        println!("AUROC {auroc}, average precision {precision}; {}", page.table_status().await?);
        ensure!(auroc > 0.97 && auroc <= 1.0, "AUROC {auroc}");
        ensure!(precision > 0.9 && precision <= 1.0, "average precision {precision}");
        ensure_sorted(&page.shown_rows().await?)?;
        ensure_threshold_moves(page).await?;

        let original = std::fs::read(&table)?;
        let scored = exported(page).await?;
        ensure_extended(&original, scored.as_bytes(), 684)?;
        let flags = numbers(&scored, ',', "flag")?;
        let flagged = page.output_number("Flagged rows").await?;
        ensure!((flags.iter().sum::<f64>() - flagged).abs() < 0.5, "{flagged} rows are flagged, in the file others");
        ensure_scores_as_shown(page, &scored).await?;

        let folder = Folder::new("scored")?;
        let again = folder.write("again.csv", scored.as_bytes())?;
        page.open_csv(&again).await?;
        ensure!(page.table_status().await?.contains("683 rows, 16 columns"), "{}", page.table_status().await?);
        page.screenshot("tables-opened-again").await?;
        Ok(())
    });
}

async fn ensure_threshold_moves(page: &Page) -> Result<()> {
    let mut counts = Vec::new();
    for position in [200.0, 800.0] {
        let before = page.output("Flagged rows").await?;
        page.slide("Threshold", position).await?;
        page.until("other flagged rows", SHORT_TIMEOUT, async || {
            Ok((page.output("Flagged rows").await? != before).then_some(()))
        })
        .await?;
        counts.push(page.output_number("Flagged rows").await?);
    }
    ensure!(counts[0] > counts[1], "a higher threshold flags more: {counts:?}");
    page.choose_by_title("Choose the threshold", "By best F1").await?;
    page.until("the best F1", SHORT_TIMEOUT, async || Ok((page.output_number("F1").await? > 0.9).then_some(())))
        .await?;
    println!("flagged: {counts:?}; best F1 {}", page.output("F1").await?);
    Ok(())
}

/// Checks that the rows shown have the same scores in the file, under their numbers.
async fn ensure_scores_as_shown(page: &Page, csv: &str) -> Result<()> {
    let scores = numbers(csv, ',', "score")?;
    for row in page.shown_rows().await? {
        let index = usize::try_from(row.number)?.checked_sub(1).context("rows are counted from 1")?;
        let score = *scores.get(index).context("the row is in the file")?;
        ensure!((score - row.score).abs() <= 0.01 * score.abs(), "row {} has {score} in the file", row.text);
    }
    Ok(())
}

#[test]
fn a_saved_detector_scores_the_same_in_a_new_page_and_in_the_terminal() {
    let Some(table) = shared_or_skip(BREASTW) else { return };
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("detector")?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        page.train_on_table().await?;
        let before = numbers(&exported(page).await?, ',', "score")?;
        let (name, saved) = page.download("Save detector", "safetensors").await?;
        println!("{name}: {} bytes", saved.len());
        let detector = folder.write(&name, &saved)?;

        page.open_tables().await?;
        page.attach("Open detector", &[&detector]).await?;
        page.until_table("the detector to be open", SHORT_TIMEOUT, async || {
            Ok(page.can_press("Save detector").await?.then_some(()))
        })
        .await?;
        page.score_file(&table).await?;
        let after = numbers(&exported(page).await?, ',', "score")?;
        let difference = largest_relative_difference(&before, &after)?;
        println!("the same table in a new page: scores differ by {difference:.1e} at most");
        ensure!(difference <= 1e-5, "scores differ by {difference}");
        ensure!(page.download("Save detector", "safetensors").await?.1 == saved, "saved again it is another file");

        let Some(pinhole) = std::env::var_os("PINHOLE_CLI").map(PathBuf::from).filter(|program| program.is_file())
        else {
            println!("SKIP PINHOLE_CLI names no program (`cargo xtask test e2e` sets it)");
            return Ok(());
        };
        let out = folder.path("terminal.csv");
        let output = Command::new(pinhole).arg("score").args([&detector, &table]).arg("--out").arg(&out).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let terminal = numbers(&std::fs::read_to_string(out)?, ',', "score")?;
        let difference = largest_relative_difference(&before, &terminal)?;
        println!("in the terminal: scores differ by {difference:.1e} at most");
        ensure!(difference <= 1e-5, "scores differ by {difference}");
        Ok(())
    });
}

#[test]
fn network_traffic_with_categories_is_scored() {
    let Some(table) = shared_or_skip("nsl-kdd/kdd_train_20000.csv.gz") else { return };
    scenario(Setup::cpu(), async |page| {
        page.open_tables().await?;
        page.open_csv(&table).await?;
        println!("{}", page.table_status().await?);
        ensure!(page.table_status().await?.contains("20,000 rows"), "{}", page.table_status().await?);
        ensure!(
            page.selected_title("Label column").await? == "label",
            "the label is {}",
            page.selected_title("Label column").await?
        );
        page.unfold_all().await?;
        for column in ["protocol_type", "service", "flag"] {
            let kind = page.selected_title(&format!("Kind of {column}")).await?;
            ensure!(kind == "categorical", "{column} is called {kind}");
        }
        // These columns repeat the label: with them every detector would succeed.
        for column in ["attack", "difficulty"] {
            page.set_checked(&format!("Use {column}"), false).await?;
        }
        page.train_on_table().await?;
        let auroc = page.output_number("AUROC").await?;
        println!("AUROC {auroc}; {}", page.table_status().await?);
        ensure!(auroc > 0.9, "AUROC {auroc}");
        ensure!(page.find(Role::Table, "Columns behind the anomalies").await.is_ok());
        page.until_table_phase("scored", LONG_TIMEOUT).await?;
        page.screenshot("tables-nsl-kdd").await?;
        Ok(())
    });
}
