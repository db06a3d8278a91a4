//! Bar that offers to restore the model stored on an earlier visit.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    crash_overlay,
    services::use_mount,
    storage::{self, StoredModel},
};

/// Bar with buttons to restore or discard the stored model; empty if none was stored, or once a run's checkpoints
/// replace it.
#[hook]
pub fn use_restore_bar(is_overwritten: bool, on_restore: Callback<Rc<StoredModel>>) -> Html {
    let stored = use_mut_ref(|| None::<Rc<StoredModel>>);
    let update = use_force_update();
    {
        let (stored, update, on_restore) = (stored.clone(), update.clone(), on_restore.clone());
        use_mount(Rc::new(move || {
            let is_requested = crash_overlay::take_restore_flag();
            let (stored, update, on_restore) = (stored.clone(), update.clone(), on_restore.clone());
            spawn_local(async move {
                // A refused storage counts as empty; a notice says so once a checkpoint cannot be stored.
                match storage::load().await.ok().flatten() {
                    Some(model) if is_requested => on_restore.emit(Rc::new(model)),
                    found => *stored.borrow_mut() = found.map(Rc::new),
                }
                update.force_update();
            });
            Box::new(())
        }));
    }
    if is_overwritten {
        stored.borrow_mut().take();
    }
    let Some(model) = stored.borrow().clone() else { return Html::default() };
    let (epoch, epochs) = (model.epoch, model.experiment.schedule.epochs);
    let button_callback = |act: Callback<()>| {
        let (stored, update) = (stored.clone(), update.clone());
        Callback::from(move |_: MouseEvent| {
            stored.borrow_mut().take();
            update.force_update();
            act.emit(());
        })
    };
    let restore = button_callback(Callback::from(move |()| on_restore.emit(model.clone())));
    let discard = button_callback(Callback::from(|()| {
        spawn_local(async {
            // A model that cannot be deleted is offered again, which does no harm.
            let _ = storage::delete().await;
        });
    }));
    html! {
        <div class="notice restore-bar" role="region" aria-label="Kept model" data-testid="kept">
            <p>{ format!("Your last model (epoch {epoch} of {epochs}) was kept in this browser.") }</p>
            <span class="row">
                <button type="button" class="button primary" onclick={restore}>{ "Restore" }</button>
                <button type="button" class="button quiet" onclick={discard}>{ "Discard" }</button>
            </span>
        </div>
    }
}
