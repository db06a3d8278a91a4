//! Invalid or insufficient tables: each gets a sentence, the open table stays, and the page still responds.

use std::path::Path;

use anyhow::{Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    csv::SyntheticTable,
    files::{Folder, gzip_of_zeros, write_png},
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};

use crate::bad_input::dismiss_all;

/// Checks that a text is a sentence without jargon.
fn ensure_plain(sentence: &str) -> Result<()> {
    ensure!((20..400).contains(&sentence.len()), "that is no sentence: {sentence}");
    for jargon in ["panicked", "unwrap", "Err(", "JsValue", "RuntimeError", "NaN", "undefined"] {
        ensure!(!sentence.contains(jargon), "that is no sentence for a person: {sentence}");
    }
    Ok(())
}

/// Opens a file and checks that it is refused: a notice names it, and the open table `current` stays.
async fn ensure_refused(page: &Page, input: &str, file: &Path, current: &str) -> Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    page.attach(input, &[file]).await?;
    let sentence = page.until_notice(&[&name]).await?;
    println!("{name}: {sentence}");
    ensure_plain(&sentence)?;
    page.assert_alive().await?;
    dismiss_all(page).await?;
    page.until("the work to end", SHORT_TIMEOUT, async || Ok((page.table_phase().await? == "scored").then_some(())))
        .await?;
    ensure!(page.table_title().await?.as_deref() == Some(current), "the open table is {:?}", page.table_title().await?);
    ensure!(page.can_press("Train").await?, "the open table cannot be trained on any more");
    Ok(())
}

#[test]
fn files_that_are_no_tables_are_refused() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("no-tables")?;
        let good = folder.write("good.csv", SyntheticTable::new(300, 1).csv().as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&good).await?;
        page.train_on_table().await?;

        let picture = folder.path("picture.png");
        write_png(&picture, 40, 30)?;
        let picture = folder.write("picture.csv", &std::fs::read(&picture)?)?;
        let packed = gzip_of_zeros(1 << 20)?;
        for file in [
            folder.write("empty.csv", b"")?,
            folder.write("blank.csv", b"\n\n   \r\n")?,
            picture,
            folder.write("cut.csv.gz", &packed[..1000])?,
            folder.write("zip.csv", b"PK\x03\x04\x14\x00\x06\x00\x08\x00 and so on, a spreadsheet's own format")?,
        ] {
            ensure_refused(page, "Open table", &file, "good.csv").await?;
        }
        ensure_refused(page, "Score another file", &folder.write("none.csv", b"")?, "good.csv").await?;
        let foreign = folder.write("foreign.csv", b"alpha,beta\n1,2\n3,4\n5,7\n2,2\n")?;
        ensure_refused(page, "Score another file", &foreign, "good.csv").await?;
        for (name, bytes) in [
            ("text.safetensors", b"not a detector at all".to_vec()),
            ("other.safetensors", pinhole_e2e::files::foreign_model()),
        ] {
            ensure_refused(page, "Open detector", &folder.write(name, &bytes)?, "good.csv").await?;
        }
        ensure!(!page.shown_rows().await?.is_empty(), "the scored rows are gone");
        page.train_on_table().await
    });
}

#[test]
fn a_gzip_bomb_is_refused() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("bomb")?;
        let good = folder.write("good.csv", SyntheticTable::new(300, 1).csv().as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&good).await?;
        page.train_on_table().await?;
        ensure_refused(page, "Open table", &folder.write("bomb.csv.gz", &gzip_of_zeros(1 << 30)?)?, "good.csv").await
    });
}

#[test]
fn a_header_without_rows_is_refused() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("header")?;
        let good = folder.write("good.csv", SyntheticTable::new(300, 1).csv().as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&good).await?;
        page.train_on_table().await?;
        ensure_refused(page, "Open table", &folder.write("header.csv", b"a,b,c\n")?, "good.csv").await?;
        page.train_on_table().await
    });
}

/// Opens a file that can be read but hardly trained on, tries to train, and returns all notices and warnings.
async fn train_and_collect_messages(page: &Page, file: &Path) -> Result<Vec<String>> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    page.attach("Open table", &[file]).await?;
    let read = async || {
        let is_read = page.table_phase().await? == "ready" && page.table_status().await?.starts_with(&name);
        // Field errors may still be of the previous table.
        Ok((is_read || page.can_press("Dismiss").await?).then_some(()))
    };
    page.until(&format!("{name} to be read or refused"), LONG_TIMEOUT, read).await?;
    println!("{name}: {}", page.table_status().await?);
    if page.notices().await?.is_empty() && page.can_press("Train").await? {
        page.press("Train").await?;
        page.until(&format!("{name} to be scored or refused"), LONG_TIMEOUT, async || {
            Ok((page.table_phase().await? == "scored" || page.can_press("Dismiss").await?).then_some(()))
        })
        .await?;
    }
    let messages: Vec<String> = page.notices().await?.into_iter().chain(page.warnings().await?).collect();
    for sentence in &messages {
        println!("{name}: {sentence}");
        ensure_plain(sentence)?;
    }
    page.assert_alive().await?;
    dismiss_notices(page).await?;
    Ok(messages)
}

/// Dismisses all notices. Field errors, which have no such button, stay.
async fn dismiss_notices(page: &Page) -> Result<()> {
    page.until("notices to be dismissed", SHORT_TIMEOUT, async || {
        if !page.can_press("Dismiss").await? {
            return Ok(Some(()));
        }
        page.press("Dismiss").await?;
        Ok(None)
    })
    .await
}

#[test]
fn insufficient_tables_are_explained() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("too-little")?;
        let lines = |line: &dyn Fn(usize) -> String| (0..200).map(line).collect::<Vec<_>>().join("\n");
        let cases: [(&str, String, &[&str]); 7] = [
            ("one-row.csv", "a,b,c\n1,2,3\n".into(), &["row"]),
            ("few-rows.csv", "a,b,c\n1,2,3\n4,5,7\n2,2,1\n3,4,5\n1,1,2\n".into(), &["PCA", "row"]),
            ("constant.csv", format!("a,b\n{}", lines(&|_| "5,5".into())), &["column", "constant", "same"]),
            ("missing.csv", format!("a,b\n{}", lines(&|_| "NA,NA".into())), &["column", "missing", "value"]),
            (
                "one-class.csv",
                format!("x,y,label\n{}", lines(&|row| format!("{},{},0", row * 7 % 31, row * 5 % 23))),
                &["label", "anomal", "class"],
            ),
            (
                "infinite.csv",
                format!("a,b\n{}", lines(&|row| format!("{}1e999,inf", row % 9))),
                &["infinit", "range", "large", "column", "finite"],
            ),
            (
                "ragged.csv",
                format!(
                    "a,b,c\n{}\n1,2\n1,2,3,4\n",
                    lines(&|row| format!("{},{},{}", row * 7 % 31, row * 5 % 23, row % 11))
                ),
                &["cell"],
            ),
        ];
        page.open_tables().await?;
        for (name, text, words) in cases {
            let messages = train_and_collect_messages(page, &folder.write(name, text.as_bytes())?).await?;
            let lower: Vec<String> = messages.iter().map(|sentence| sentence.to_lowercase()).collect();
            let has_word = words.iter().any(|word| lower.iter().any(|one| one.contains(&word.to_lowercase())));
            // A column with one value is not guessed as the label, and then there is no message.
            let may_be_silent = name == "one-class.csv";
            ensure!(has_word || may_be_silent, "{name}: none of {words:?} in {messages:?}");
        }
        let column = lines(&|row| format!("{}", row * 37 % 101));
        train_and_collect_messages(page, &folder.write("one-column.csv", format!("a\n{column}\n").as_bytes())?).await?;
        Ok(())
    });
}

#[test]
fn a_label_with_one_class_shows_no_nan() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("one-class")?;
        let rows: Vec<String> = (0..300).map(|row| format!("{},{},no", row * 7 % 31, row * 5 % 23)).collect();
        let table = folder.write("calm.csv", format!("x,y,fraud\n{}\n", rows.join("\n")).as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        if page.selected_title("Label column").await? != "fraud" {
            page.choose_by_title("Label column", "fraud").await?;
        }
        println!("before training: {:?}", page.notices().await?);
        ensure!(!page.page_text().await?.contains("NaN"), "the page shows NaN");
        page.choose_by_title("Label column", "None").await?;
        page.train_on_table().await?;
        page.assert_alive().await
    });
}

#[test]
fn a_file_that_changes_after_opening_is_reported() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("changing")?;
        let table = folder.write("living.csv", SyntheticTable::new(800, 1).csv().as_bytes())?;
        page.open_tables().await?;
        page.open_csv(&table).await?;
        // The browser compares modification times, which some file systems keep in whole seconds.
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        folder.write("living.csv", SyntheticTable::new(900, 2).csv().as_bytes())?;
        page.press("Train").await?;
        let sentence = page.until_notice(&["living.csv"]).await?;
        println!("{sentence}");
        ensure_plain(&sentence)?;
        page.assert_alive().await?;
        dismiss_all(page).await?;
        page.open_csv(&table).await?;
        ensure!(page.table_status().await?.contains("900 rows"), "{}", page.table_status().await?);
        page.train_on_table().await
    });
}
