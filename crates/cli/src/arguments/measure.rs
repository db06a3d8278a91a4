//! Arguments of `pinhole measure`.

use std::path::PathBuf;

use clap::Args;
use pinhole_protocol::latent::Question;

use super::{BuiltInImages, DeviceChoice, ReadArguments};

/// `pinhole measure`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct MeasureArguments {
    /// The model file.
    pub model: PathBuf,
    /// The samples: one IDX file (plain or .gz), or PNG and JPEG files; a table, for a model of rows.
    #[arg(num_args = 1.., required_unless_present = "data", conflicts_with = "data", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Measure on built-in images.
    #[arg(long, value_enum)]
    pub data: Option<BuiltInImages>,
    /// Measure the code (the latent space).
    #[arg(long, required = true)]
    pub latent: bool,
    /// A question about the code: compress, denoise, group, classify, detect or generate; can be given several times.
    /// All of them unless given.
    #[arg(long, value_parser = parse_question)]
    pub question: Vec<Question>,
    /// Print all other measures too.
    #[arg(long)]
    pub more: bool,
    /// The column of the table that labels its rows.
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// Largest number of samples; as in training unless given.
    #[arg(long)]
    pub limit: Option<usize>,
    /// Leave the pictures as they are: drawings are not inverted, stretched, evened out, cropped or centred.
    #[arg(long, conflicts_with = "data")]
    pub as_is: bool,
    /// Reading of a table.
    #[command(flatten)]
    pub reading: ReadArguments,
    /// The device to compute on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

fn parse_question(text: &str) -> Result<Question, String> {
    let named = Question::ALL.into_iter().find(|question| question.name().eq_ignore_ascii_case(text));
    named.ok_or_else(|| {
        format!("there is no question \"{text}\": choose compress, denoise, group, classify, detect or generate")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_named_as_on_the_page() {
        assert_eq!(parse_question("compress"), Ok(Question::Compress));
        assert!(parse_question("cluster").is_err_and(|error| error.contains("choose compress")));
    }
}
