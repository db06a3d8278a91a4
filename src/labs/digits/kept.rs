//! The bar that offers the model of an earlier visit.

use pinhole_protocol::{Experiment, NamedFile};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    rescue,
    storage::{self, KeptModel},
};

#[derive(Properties, PartialEq)]
pub struct KeptBarProps {
    /// Once a run begins, its checkpoints replace what was kept.
    pub is_overwritten: bool,
    pub on_restore: Callback<(NamedFile, Experiment, usize)>,
}

/// Restore or discard; nothing if nothing was kept.
#[component]
pub fn KeptBar(props: &KeptBarProps) -> Html {
    let kept = use_state(|| None::<KeptModel>);
    {
        let (kept, on_restore) = (kept.setter(), props.on_restore.clone());
        use_effect_with((), move |()| {
            let wanted = rescue::take_restore_flag();
            spawn_local(async move {
                // Refused storage holds nothing; whoever trains is told.
                match storage::kept().await.ok().flatten() {
                    Some(model) if wanted => on_restore.emit(parts(model)),
                    found => kept.set(found),
                }
            });
        });
    }
    let Some(model) = (*kept).clone().filter(|_| !props.is_overwritten) else { return Html::default() };
    let (epoch, epochs) = (model.epoch, model.experiment.schedule.epochs);
    let restore = {
        let (kept, on_restore) = (kept.clone(), props.on_restore.clone());
        Callback::from(move |_: MouseEvent| {
            kept.set(None);
            on_restore.emit(parts(model.clone()));
        })
    };
    let discard = Callback::from(move |_: MouseEvent| {
        kept.set(None);
        spawn_local(async {
            // If it cannot be forgotten, it is offered again: nothing is lost.
            let _ = storage::forget().await;
        });
    });
    html! {
        <div class="notice kept" role="region" aria-label="Kept model" data-testid="kept">
            <p>{ format!("Your last model (epoch {epoch} of {epochs}) was kept in this browser.") }</p>
            <span class="row">
                <button type="button" class="button primary" onclick={restore}>{ "Restore" }</button>
                <button type="button" class="button quiet" onclick={discard}>{ "Discard" }</button>
            </span>
        </div>
    }
}

fn parts(model: KeptModel) -> (NamedFile, Experiment, usize) {
    (NamedFile { name: "Your last model".into(), bytes: model.bytes }, model.experiment, model.epoch)
}
