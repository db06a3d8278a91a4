//! Typing into number fields by keys, and pasting.

use anyhow::{Context as _, Result};
use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::Element,
    key::Key,
};
use serde_json::json;
use xtask::browsers::BrowserKind;

use crate::{Page, controls::Role};

impl Page {
    /// Replaces the text of a number field by typing, key by key. The field keeps the focus.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn type_number(&self, name: &str, text: &str) -> Result<()> {
        self.select_text(name).await?;
        let delete = char::from(Key::Delete);
        let keys = std::iter::once(delete).chain(text.chars());
        let presses = keys.flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        let keyboard = presses.fold(KeyActions::new("keyboard".into()), KeyActions::then);
        self.client.perform_actions(keyboard).await.with_context(|| format!("typing \"{text}\""))?;
        Ok(())
    }

    /// Replaces the text of a number field at once, as pasting does. The field keeps the focus.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn paste_number(&self, name: &str, text: &str) -> Result<()> {
        self.select_text(name).await?;
        if self.browser == BrowserKind::Chromium {
            self.devtools("Input.insertText", json!({ "text": text })).await?;
        } else {
            self.script("document.execCommand('insertText', false, arguments[0]);", vec![json!(text)]).await?;
        }
        Ok(())
    }

    /// Focuses a number field and selects its text.
    async fn select_text(&self, name: &str) -> Result<Element> {
        let field = self.find(Role::SpinButton, name).await?;
        let select = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });
                      arguments[0].focus();
                      arguments[0].select();";
        self.script(select, vec![json!(field)]).await?;
        Ok(field)
    }
}
