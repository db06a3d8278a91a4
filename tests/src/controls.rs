//! Finds controls by role and accessible name, as the browser computes both, and operates them.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::{
    Page,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    webdriver::WebDriverCommand,
};

/// Role of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A button.
    Button,
    /// A link.
    Link,
    /// A slider.
    Slider,
    /// A menu of options.
    ComboBox,
    /// A field for a number.
    SpinButton,
    /// An image.
    Image,
    /// A file input, to which browsers give no role of its own.
    File,
    /// A canvas to draw on.
    Canvas,
    /// A check box.
    CheckBox,
    /// A search field.
    SearchBox,
    /// An output of a value.
    Output,
    /// A table.
    Table,
    /// A group of controls.
    Group,
    /// A section with a title.
    Region,
    /// A list of items.
    List,
    /// A tab, which shows a view.
    Tab,
}

impl Role {
    /// Selector of the elements that may have the role, and the names of the role in browsers.
    const fn candidates(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Button => ("button, [role=button]", &["button"]),
            Self::Link => ("a[href]", &["link"]),
            Self::Slider => ("input[type=range], [role=slider]", &["slider"]),
            // WebKitGTK names it by its widget.
            Self::ComboBox => ("select", &["combobox", "button"]),
            Self::SpinButton => ("[role=spinbutton]", &["spinbutton"]),
            Self::Image => ("canvas, img, [role=img]", &["img", "image", "graphics-document"]),
            Self::File => ("input[type=file]", &[]),
            Self::Canvas => ("canvas", &[]),
            Self::CheckBox => ("input[type=checkbox]", &["checkbox"]),
            Self::SearchBox => ("input[type=search]", &["searchbox", "textbox"]),
            Self::Output => ("output", &["status"]),
            Self::Table => ("table", &["table"]),
            Self::Group => ("[role=group], fieldset", &["group"]),
            Self::Region => ("section, [role=region]", &["region"]),
            Self::List => ("ol, ul", &["list"]),
            Self::Tab => ("[role=tab]", &["tab"]),
        }
    }

    /// True if an accessible name is that of a control. Firefox and WebKit append the widget's text to the name of a file
    /// input, as in "Open table Browse…".
    fn is_named(self, accessible: &str, name: &str) -> bool {
        match accessible.strip_prefix(name) {
            Some("") => true,
            Some(rest) => self == Self::File && rest.starts_with(' '),
            None => false,
        }
    }
}

/// Timeout for a click to reach its button.
const CLICK_TIMEOUT: Duration = Duration::from_millis(500);
/// Key of an element's identifier in WebDriver's JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Script: elements of a selector, of which an attribute, a label or the text (with the names of what it contains) has a
/// name in it, up to blanks.
const CANDIDATES: &str = "
    const [selector, name] = arguments;
    const packed = (text) => (text ?? '').replace(/\\s+/g, '');
    const attributes = (element) => ['aria-label', 'alt', 'title', 'placeholder', 'value'].map(key => element.getAttribute(key));
    const texts = (element) => [element.textContent, ...attributes(element),
        [...element.querySelectorAll('[aria-label], [alt], [title]')].flatMap(attributes).join('')];
    const labels = (element) => (element.getAttribute('aria-labelledby') ?? '').split(/\\s+/)
        .map(id => document.getElementById(id)).concat([...(element.labels ?? [])]).filter(Boolean);
    const sources = (element) => [...texts(element), labels(element).flatMap(texts).map(packed).join(''),
        ...labels(element).flatMap(texts)];
    return [...document.querySelectorAll(selector)]
        .filter(element => sources(element).some(source => packed(source).includes(packed(name))));";

impl Page {
    /// The control of that role and name; waits for it.
    ///
    /// # Errors
    /// When there is none within half a minute.
    pub async fn find(&self, role: Role, name: &str) -> Result<Element> {
        self.until(&format!("the {role:?} \"{name}\""), SHORT_TIMEOUT, async || self.find_now(role, name).await).await
    }

    /// The control of that role and name, if it is there now.
    ///
    /// # Errors
    /// When the window is gone, or the element of that name has another role.
    pub async fn find_now(&self, role: Role, name: &str) -> Result<Option<Element>> {
        let (selector, roles) = role.candidates();
        for element in self.candidates(selector, name).await? {
            if role.is_named(&self.accessible_name(&element).await?, name) {
                let found = self.role(&element).await?;
                ensure!(
                    roles.is_empty() || roles.contains(&found.as_str()),
                    "\"{name}\" has the role {found}, not {role:?}"
                );
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Elements one of whose sources of a name contains that name. Asking the browser for the name of every button on
    /// the page would take a second for each press.
    async fn candidates(&self, selector: &str, name: &str) -> Result<Vec<Element>> {
        let candidates = self.script(CANDIDATES, vec![selector.into(), name.into()]).await?;
        self.elements(candidates)
    }

    /// Elements that a script has returned.
    fn elements(&self, returned: Value) -> Result<Vec<Element>> {
        let references: Vec<HashMap<String, String>> = serde_json::from_value(returned)?;
        let ids = references.into_iter().filter_map(|mut reference| reference.remove(ELEMENT));
        Ok(ids.map(|id| Element::from_element_id(self.client.clone(), id.into())).collect())
    }

    /// True if there is a visible control of that role and name.
    ///
    /// # Errors
    /// As [`Page::find_now`].
    pub async fn is_displayed(&self, role: Role, name: &str) -> Result<bool> {
        match self.find_now(role, name).await? {
            Some(element) => Ok(element.is_displayed().await?),
            None => Ok(false),
        }
    }

    /// Role of an element, as the browser computes it.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn role(&self, element: &Element) -> Result<String> {
        let role = self.client.issue_cmd(WebDriverCommand::role(&element.element_id())).await?;
        Ok(role.as_str().unwrap_or_default().to_owned())
    }

    /// Accessible name of an element, as the browser computes it.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn accessible_name(&self, element: &Element) -> Result<String> {
        let name = self.client.issue_cmd(WebDriverCommand::label(&element.element_id())).await?;
        Ok(name.as_str().unwrap_or_default().to_owned())
    }

    /// Presses a button as soon as it is enabled.
    ///
    /// # Errors
    /// When there is none, or it stays disabled.
    pub async fn press(&self, name: &str) -> Result<()> {
        self.until(&format!("the button \"{name}\" to be pressed"), LONG_TIMEOUT.min(SHORT_TIMEOUT * 2), async || {
            let Some(button) = self.find_now(Role::Button, name).await? else { return Ok(None) };
            if !button.is_enabled().await? {
                return Ok(None);
            }
            // A sticky element at the edge of the window may cover it.
            let prepare = "const [button] = arguments;
                button.scrollIntoView({ block: 'center', behavior: 'instant' });
                window.isPressed = false;
                button.addEventListener('click', () => { window.isPressed = true; }, { once: true, capture: true });";
            self.script(prepare, vec![serde_json::to_value(&button)?]).await?;
            button.click().await?;
            Ok(self.is_pressed().await.then_some(()))
        })
        .await
    }

    /// True if the button that was clicked has received the click. Text that appears above it meanwhile, such as the
    /// result at the end of a run, moves it away from the point that the driver has computed; WebKit's is slow enough.
    async fn is_pressed(&self) -> bool {
        let start = Instant::now();
        while start.elapsed() < CLICK_TIMEOUT {
            // A page that the click has replaced knows nothing of it, or does not answer.
            if self.script("return window.isPressed !== false;", vec![]).await.map_or(true, |pressed| pressed == true) {
                return true;
            }
        }
        false
    }

    /// Gives a control the focus.
    ///
    /// # Errors
    /// When there is none.
    pub async fn focus(&self, role: Role, name: &str) -> Result<()> {
        let control = self.find(role, name).await?;
        self.script("arguments[0].focus();", vec![serde_json::to_value(&control)?]).await?;
        Ok(())
    }

    /// True if the button is there and enabled.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn can_press(&self, name: &str) -> Result<bool> {
        match self.find_now(Role::Button, name).await? {
            Some(button) => Ok(button.is_enabled().await?),
            None => Ok(false),
        }
    }

    /// Selects an option of a menu by its value.
    ///
    /// # Errors
    /// When there is no such menu or option.
    pub async fn choose(&self, name: &str, value: &str) -> Result<()> {
        let list = self.find(Role::ComboBox, name).await?;
        let options = self
            .script("return [...arguments[0].options].map(option => option.value);", vec![serde_json::to_value(&list)?])
            .await?;
        let is_there = options.as_array().is_some_and(|options| options.iter().any(|option| option == value));
        ensure!(is_there, "\"{name}\" offers {options}, not \"{value}\"");
        list.select_by_value(value).await?;
        Ok(())
    }

    /// Sets the value of a slider.
    ///
    /// # Errors
    /// When there is none, or its range does not contain the value.
    pub async fn slide(&self, name: &str, value: f64) -> Result<()> {
        let slider = self.find(Role::Slider, name).await?;
        self.set_value(&slider, value).await
    }

    /// Sets the value of a number field.
    ///
    /// # Errors
    /// When there is none, or it does not accept the number.
    pub async fn fill(&self, name: &str, value: f64) -> Result<()> {
        let field = self.find(Role::SpinButton, name).await?;
        self.set_value(&field, value).await
    }

    /// Sets the value of a field and dispatches the events of a person's input.
    async fn set_value(&self, field: &Element, value: f64) -> Result<()> {
        let after = self
            .script(
                "const [field, value] = arguments;
                 field.focus(); field.value = value;
                 field.dispatchEvent(new InputEvent('input', { bubbles: true }));
                 field.dispatchEvent(new Event('change', { bubbles: true }));
                 return Number(field.value);",
                vec![serde_json::to_value(field)?, json!(value)],
            )
            .await?;
        let is_set = after.as_f64().is_some_and(|after| (after - value).abs() <= 1e-6 + value.abs() * 1e-3);
        ensure!(is_set, "the field holds {after}, not {value}");
        Ok(())
    }

    /// Opens all `details` elements titled "More".
    ///
    /// # Errors
    /// When there is none.
    pub async fn unfold_more(&self) -> Result<()> {
        let opened = self
            .script(
                "const folds = [...document.querySelectorAll('details')]
                    .filter(fold => fold.querySelector('summary')?.textContent.trim().startsWith('More'));
                 folds.forEach(fold => { fold.open = true; });
                 return folds.length;",
                vec![],
            )
            .await?;
        ensure!(opened.as_u64().is_some_and(|count| count > 0), "nothing is folded under \"More\"");
        Ok(())
    }

    /// Passes files to a file input.
    ///
    /// # Errors
    /// When there is no such input.
    pub async fn attach(&self, name: &str, files: &[&Path]) -> Result<()> {
        let input = self.find(Role::File, name).await?;
        let paths: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        input.send_keys(&paths.join("\n")).await?;
        Ok(())
    }

    /// Presses "Save model" and returns the saved file.
    ///
    /// # Errors
    /// When no file is saved in time.
    pub async fn save_model(&self) -> Result<Vec<u8>> {
        Ok(self.download("Save model", "safetensors").await?.1)
    }

    /// Presses a button and returns name and bytes of the file with that extension that it saves.
    ///
    /// # Errors
    /// When no file is saved in time.
    pub async fn download(&self, button: &str, ending: &str) -> Result<(String, Vec<u8>)> {
        let folder = self.downloads();
        for earlier in std::fs::read_dir(&folder)? {
            std::fs::remove_file(earlier?.path())?;
        }
        self.press(button).await?;
        self.until(&format!("a .{ending} file from \"{button}\""), SHORT_TIMEOUT * 2, async || {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                // An incomplete file has another extension, and an empty one holds its name meanwhile.
                if path.extension().is_some_and(|extension| extension == ending) && path.metadata()?.len() > 0 {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    return Ok(Some((name, std::fs::read(path)?)));
                }
            }
            Ok(None)
        })
        .await
    }

    /// HTML of every control without an accessible name.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn nameless_controls(&self) -> Result<Vec<String>> {
        let selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, canvas, img, [role=img], [role=slider], [tabindex='0']";
        let shown = self
            .script(
                // The content of a closed `details` or `dialog` element is not accessible yet.
                "const folded = (element) => element.closest('dialog:not([open])')
                    || element.closest('details:not([open])') && !element.closest('summary');
                 // Beside an open dialogue nothing else can be reached.
                 const reachable = document.querySelector('dialog:modal') ?? document;
                 return [...reachable.querySelectorAll(arguments[0])].filter(element =>
                    !element.closest('[hidden], [aria-hidden=true], [inert]') && !folded(element));",
                vec![selector.into()],
            )
            .await?;
        let mut nameless = Vec::new();
        for element in self.elements(shown)? {
            if self.accessible_name(&element).await?.trim().is_empty() {
                nameless.push(element.html(false).await?.chars().take(160).collect());
            }
        }
        Ok(nameless)
    }
}
