//! Changes made to opened pictures so that a network knows them, and which of the pictures are left as they are.

use serde::{Deserialize, Serialize};

/// A change made to a picture when it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureChange {
    /// A scanner's dark frame was cut off.
    FrameCropped,
    /// Shadows and uneven light were divided out.
    Evened,
    /// Dark ink on light paper became bright ink on black.
    Inverted,
    /// A narrow range of brightness was stretched to the whole range: samples of 10, 12 or 16 bits, dim paper, chalk.
    Stretched,
    /// A small drawing was cropped and centred, as MNIST's digits are.
    Centred,
}

impl PictureChange {
    /// All of them, in the order in which they are made.
    pub const ALL: [Self; 5] = [Self::FrameCropped, Self::Evened, Self::Inverted, Self::Stretched, Self::Centred];

    /// The change as a participle, for a list.
    pub const fn text(self) -> &'static str {
        match self {
            Self::FrameCropped => "frame cropped",
            Self::Evened => "shadows evened out",
            Self::Inverted => "inverted",
            Self::Stretched => "stretched",
            Self::Centred => "drawing centred",
        }
    }

    /// The changes as a list: "inverted, drawing centred".
    pub fn list(changes: &[Self]) -> String {
        changes.iter().map(|change| change.text()).collect::<Vec<_>>().join(", ")
    }
}

/// An opened picture that was changed, or would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedPicture {
    /// Index of its file in the order in which the files were chosen.
    pub file: usize,
    /// The file's name.
    pub name: String,
    /// The changes, at least one; with `as_is`, those that were not made.
    pub changes: Vec<PictureChange>,
    /// True if the picture was left as it is, as [`crate::Command::OpenImages`] asked.
    #[serde(default)]
    pub as_is: bool,
}

/// The opened pictures that were changed, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedPictures {
    /// Number of them.
    pub total: usize,
    /// Number of them that were left as they are.
    pub as_is: usize,
    /// The first of them, at most [`ChangedPictures::MAX_LISTED`].
    pub first: Vec<ChangedPicture>,
}

impl ChangedPictures {
    /// Most pictures that are listed, each with a switch of its own; of more, only the number is told.
    pub const MAX_LISTED: usize = 100;

    /// Counts a picture, and lists it if there is room.
    pub fn push(&mut self, picture: ChangedPicture) {
        self.total += 1;
        self.as_is += usize::from(picture.as_is);
        if self.first.len() < Self::MAX_LISTED {
            self.first.push(picture);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;

    #[test]
    fn messages_of_older_versions_leave_no_picture_as_it_is() {
        let opened: Command = serde_json::from_str(r#"{"open_images":{"files":[]}}"#).expect("an older message");
        assert_eq!(opened, Command::OpenImages { files: Vec::new(), as_is: Vec::new() });
    }

    #[test]
    fn more_pictures_than_are_listed_are_counted() {
        let mut changed = ChangedPictures::default();
        for file in 0..ChangedPictures::MAX_LISTED + 5 {
            let kinds = vec![PictureChange::Inverted, PictureChange::Centred];
            changed.push(ChangedPicture { file, name: file.to_string(), changes: kinds, as_is: file % 2 == 1 });
        }
        assert_eq!((changed.total, changed.as_is, changed.first.len()), (105, 52, 100));
        assert_eq!(PictureChange::list(&changed.first[0].changes), "inverted, drawing centred");
    }
}
