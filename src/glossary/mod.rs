//! The glossary page, `#/glossary/term`, and links to its terms.

mod entries;
mod help;

use yew::prelude::*;

use self::entries::{Entry, sections};
pub use self::{
    entries::LinkedTerm,
    help::{help_line, term_of},
};
use crate::{route::Route, shell::header};

/// Properties of the [`GlossaryPage`].
#[derive(PartialEq, Properties)]
pub struct GlossaryProps {
    /// Identifier of the term to show, if the address names one.
    pub term: Option<AttrValue>,
}

/// All terms, scrolled to the chosen one.
#[component]
pub fn GlossaryPage(props: &GlossaryProps) -> Html {
    let term = &props.term;
    use_effect_with(term.clone(), |term| {
        if let Some(entry) = term.as_deref().and_then(element) {
            entry.scroll_into_view();
        }
    });
    html! {
        <>
            { header(Route::Glossary, Html::default()) }
            <main class="glossary">
                <h1>{ "Glossary" }</h1>
                <p>{ "The terms of autoencoders and anomaly detection, as this page uses them." }</p>
                { for sections().into_iter().map(|section| html! {
                    <section>
                        <h2>{ section.title }</h2>
                        <dl>{ for section.entries.into_iter().map(|entry| definition(entry, term.as_deref())) }</dl>
                    </section>
                }) }
            </main>
        </>
    }
}

/// Link to a term, within a help text.
pub fn glossary_link(term: LinkedTerm, text: &'static str) -> Html {
    html! { <a href={format!("#/glossary/{}", term.id())}>{ text }</a> }
}

fn definition(entry: Entry, chosen: Option<&str>) -> Html {
    let id = entry.id();
    let is_chosen = (chosen == Some(id.as_str())).then_some("chosen");
    html! {
        <div class={classes!(is_chosen)} id={element_id(&id)}>
            <dt>{ entry.term }</dt>
            <dd>{ entry.text }</dd>
        </div>
    }
}

fn element_id(id: &str) -> String {
    format!("term-{id}")
}

fn element(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(&element_id(id))
}
