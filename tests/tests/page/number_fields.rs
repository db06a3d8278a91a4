//! Number fields: a comma or a point in any browser language, half a number, what is refused, and the arrow keys.

use anyhow::{Context as _, Result, ensure};
use fantoccini::{Locator, key::Key};
use pinhole_e2e::{
    Page, Setup,
    controls::Role,
    csv::SyntheticTable,
    files::Folder,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use serde_json::json;

const RATE: &str = "Learning rate value";

/// Waits until the learning rate that applies, which its slider shows too, is that text.
async fn until_rate(page: &Page, text: &str) -> Result<()> {
    until_attribute(page, Role::Slider, "Learning rate", "aria-valuetext", text).await
}

async fn until_attribute(page: &Page, role: Role, name: &str, attribute: &str, text: &str) -> Result<()> {
    let control = page.find(role, name).await?;
    let arrived = page
        .until(&format!("\"{name}\" with {attribute} {text}"), SHORT_TIMEOUT, async || {
            Ok((control.attr(attribute).await?.as_deref() == Some(text)).then_some(()))
        })
        .await;
    match arrived {
        Ok(()) => Ok(()),
        Err(error) => Err(error.context(format!("{attribute} is {:?}", control.attr(attribute).await?))),
    }
}

/// Sets the learning rate to 0.001, whatever the preset's is.
async fn start_at_a_thousandth(page: &Page) -> Result<()> {
    page.type_number(RATE, "0.001").await?;
    page.press_keys(&[], Key::Tab.into()).await?;
    until_rate(page, "0.001").await
}

/// Text in a field.
async fn text_of(page: &Page, name: &str) -> Result<String> {
    let field = page.find(Role::SpinButton, name).await?;
    let text = page.script("return arguments[0].value;", vec![json!(field)]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Sentence that the field refers to as its description, once it is marked as invalid.
async fn until_refused(page: &Page, name: &str) -> Result<String> {
    let field = page.find(Role::SpinButton, name).await?;
    page.until(&format!("a sentence about {name}"), SHORT_TIMEOUT, async || {
        if field.attr("aria-invalid").await?.as_deref() != Some("true") {
            return Ok(None);
        }
        let id = field.attr("aria-describedby").await?.context("an invalid field has a description")?;
        Ok(Some(page.client.find(Locator::Id(&id)).await?.text().await?.to_lowercase()))
    })
    .await
}

async fn ensure_refused(page: &Page, name: &str, words: &[&str]) -> Result<()> {
    let sentence = until_refused(page, name).await?;
    println!("{name}: {sentence}");
    for word in words {
        ensure!(sentence.contains(word), "{name}: `{sentence}` does not say `{word}`");
    }
    Ok(())
}

#[test]
fn a_comma_is_a_decimal_mark_in_any_language_typed_or_pasted() {
    for language in ["en-US", "de-DE"] {
        scenario(Setup { language: Some(language), ..Setup::cpu() }, async |page| {
            page.open("").await?;
            let browser = page.script("return navigator.language;", vec![]).await?;
            ensure!(browser == language, "the browser speaks {browser}");
            page.type_number(RATE, "0,002").await?;
            until_rate(page, "0.002").await?;
            ensure!(text_of(page, RATE).await? == "0,002", "it is left as typed");
            page.press_keys(&[], Key::Tab.into()).await?;
            page.until("the page's way of writing", SHORT_TIMEOUT, async || {
                Ok((text_of(page, RATE).await? == "0.002").then_some(()))
            })
            .await?;
            until_rate(page, "0.002").await?;

            page.paste_number(RATE, " 0,001\u{a0}").await?;
            until_rate(page, "0.001").await?;
            page.paste_number(RATE, "0.003").await?;
            until_rate(page, "0.003").await?;
            page.paste_number("Epochs", "1\u{202f}000").await?;
            until_attribute(page, Role::SpinButton, "Epochs", "aria-valuenow", "1000").await?;
            page.paste_number("Epochs", "2.000").await?;
            until_attribute(page, Role::SpinButton, "Epochs", "aria-valuenow", "2000").await?;
            ensure!(page.field_errors().await?.is_empty(), "{:?}", page.field_errors().await?);
            Ok(())
        });
    }
}

#[test]
fn half_a_number_is_not_applied() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.open_builder().await?;
        start_at_a_thousandth(page).await?;
        for half in ["1e-", "5,", "-"] {
            page.type_number(RATE, half).await?;
            until_rate(page, "0.001").await?;
            ensure!(text_of(page, RATE).await? == half, "what was typed is gone");
            ensure!(page.field_errors().await?.is_empty(), "{half} may become a number");
            page.press_keys(&[], Key::Tab.into()).await?;
            ensure_refused(page, RATE, &["enter a number above 0, up to 1,000", half, "unfinished", "0.001 still"])
                .await?;
            until_rate(page, "0.001").await?;
            ensure!(text_of(page, RATE).await? == half, "there is nothing left to correct");
        }
        page.type_number(RATE, "5e-3").await?;
        until_rate(page, "0.005").await?;
        ensure!(page.field_errors().await?.is_empty(), "{:?}", page.field_errors().await?);
        // Typing was one step.
        page.press("Undo change").await?;
        until_rate(page, "0.001").await?;
        page.until("the number before", SHORT_TIMEOUT, async || {
            Ok((text_of(page, RATE).await? == "0.001").then_some(()))
        })
        .await
    });
}

#[test]
fn what_is_no_number_of_the_field_is_refused_with_its_range() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        start_at_a_thousandth(page).await?;
        for (field, text, words) in [
            (RATE, "1,5,0", ["a number above 0, up to 1,000", "1,5,0", "0.001 still applies"].as_slice()),
            (RATE, "1,500", &["1.500 or 1500"]),
            (RATE, "abc", &["abc"]),
            ("Epochs", "1.5", &["a whole number from 1 to 10,000", "1.5"]),
            ("Epochs", "-3", &["a whole number from 1 to 10,000", "\u{201c}-3\u{201d}"]),
            // The check of the experiment refuses this one, and keeps it from being trained with.
            ("Epochs", "20000", &["1 to 10000"]),
        ] {
            page.type_number(field, text).await?;
            page.press_keys(&[], Key::Enter.into()).await?;
            ensure_refused(page, field, words).await?;
            ensure!(text_of(page, field).await? == text, "there is nothing left to correct");
            ensure!(page.field_errors().await?.len() == 1, "{:?}", page.field_errors().await?);
            ensure!(page.can_press("Train").await? == (text != "20000"), "{text}");
            page.type_number(field, if field == RATE { "0,001" } else { "4" }).await?;
            page.until("the sentence to go", SHORT_TIMEOUT, async || {
                Ok((page.field_errors().await?.is_empty() && page.can_press("Train").await?).then_some(()))
            })
            .await?;
        }
        page.assert_alive().await
    });
}

#[test]
fn arrow_keys_step_and_the_range_is_announced() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        let field = page.find(Role::SpinButton, "Epochs").await?;
        for (attribute, text) in [("aria-valuemin", "1"), ("aria-valuemax", "10000")] {
            ensure!(
                field.attr(attribute).await?.as_deref() == Some(text),
                "{attribute}: {:?}",
                field.attr(attribute).await?
            );
        }
        page.type_number("Epochs", "2").await?;
        for (key, text) in
            [(Key::Up, "3"), (Key::Up, "4"), (Key::Down, "3"), (Key::Down, "2"), (Key::Down, "1"), (Key::Down, "1")]
        {
            page.press_keys(&[], key.into()).await?;
            until_attribute(page, Role::SpinButton, "Epochs", "aria-valuenow", text).await?;
            ensure!(text_of(page, "Epochs").await? == text);
        }
        page.type_number(RATE, "0,001").await?;
        page.press_keys(&[], Key::Up.into()).await?;
        until_rate(page, "0.0011").await?;
        page.press_keys(&[], Key::Down.into()).await?;
        page.press_keys(&[], Key::Down.into()).await?;
        until_rate(page, "0.00099").await
    });
}

#[test]
fn an_optional_number_can_begin_with_zero_and_be_emptied() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.unfold_more().await?;
        page.type_number("Clip norm", "0,5").await?;
        until_attribute(page, Role::SpinButton, "Clip norm", "aria-valuenow", "0.5").await?;
        page.type_number("Clip norm", "").await?;
        page.press_keys(&[], Key::Tab.into()).await?;
        let field = page.find(Role::SpinButton, "Clip norm").await?;
        page.until("no clipping", SHORT_TIMEOUT, async || {
            Ok(field.attr("aria-valuenow").await?.is_none().then_some(()))
        })
        .await?;
        ensure!(page.field_errors().await?.is_empty(), "{:?}", page.field_errors().await?);
        Ok(())
    });
}

#[test]
fn fields_of_the_tables_lab_read_a_comma_and_refuse_what_is_out_of_range() {
    scenario(Setup::cpu(), async |page| {
        let folder = Folder::new("number-fields")?;
        page.open_tables().await?;
        let file = folder.write("valves.csv", SyntheticTable::new(400, 5).csv().as_bytes())?;
        page.open_csv(&file).await?;
        page.unfold_more().await?;
        page.type_number("Seed", "-1").await?;
        page.press_keys(&[], Key::Enter.into()).await?;
        ensure_refused(page, "Seed", &["a whole number from 0", "-1"]).await?;
        page.type_number("Seed", "3").await?;
        page.train_on_table().await?;
        page.choose_by_title("Choose the threshold", "By contamination").await?;
        page.find(Role::SpinButton, "Contamination, in percent").await?;
        page.type_number("Contamination, in percent", "2,5").await?;
        page.press_keys(&[], Key::Enter.into()).await?;
        let rows = page.output_number("Flagged rows").await?;
        page.until("2.5 % of the rows", LONG_TIMEOUT, async || {
            Ok((text_of(page, "Contamination, in percent").await? == "2.5").then_some(()))
        })
        .await?;
        println!("{rows} rows, then {}", page.output("Flagged rows").await?);
        page.type_number("Contamination, in percent", "101").await?;
        page.press_keys(&[], Key::Enter.into()).await?;
        ensure_refused(page, "Contamination, in percent", &["a number from 0 to 100", "101", "2.5 still applies"]).await
    });
}

#[test]
fn a_number_that_the_experiment_refuses_marks_its_field() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        page.choose("Preset", "article").await?;
        page.unfold_more().await?;
        let commit = async |name: &str, text: &str| {
            page.type_number(name, text).await?;
            page.press_keys(&[], Key::Enter.into()).await
        };
        for (name, refused, accepted) in
            [("Latent size", "0", "16"), ("Latent size", "1e9", "16"), ("Encoder learning rate factor", "101", "1")]
        {
            commit(name, refused).await?;
            until_attribute(page, Role::SpinButton, name, "aria-invalid", "true").await?;
            commit(name, accepted).await?;
            page.until(&format!("\"{name}\" to be valid"), SHORT_TIMEOUT, async || {
                let field = page.find(Role::SpinButton, name).await?;
                Ok(field.attr("aria-invalid").await?.is_none().then_some(()))
            })
            .await?;
        }
        // No 32-bit float holds it.
        commit(RATE, "1e99").await?;
        ensure_refused(page, RATE, &["a number above 0, up to 1,000", "1e99", "still applies"]).await
    });
}
