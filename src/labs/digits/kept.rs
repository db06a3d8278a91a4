//! The bar that offers the model of an earlier visit.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    crash_overlay,
    services::use_mount,
    storage::{self, KeptModel},
};

/// Restore or discard; nothing if nothing was kept, or once a run's checkpoints replace it.
#[hook]
pub fn use_kept_bar(is_overwritten: bool, on_restore: Callback<Rc<KeptModel>>) -> Html {
    let kept = use_mut_ref(|| None::<Rc<KeptModel>>);
    let update = use_force_update();
    {
        let (kept, update, on_restore) = (kept.clone(), update.clone(), on_restore.clone());
        use_mount(Rc::new(move || {
            let is_wanted = crash_overlay::take_restore_flag();
            let (kept, update, on_restore) = (kept.clone(), update.clone(), on_restore.clone());
            spawn_local(async move {
                // Refused storage holds nothing; whoever trains is told.
                match storage::kept().await.ok().flatten() {
                    Some(model) if is_wanted => on_restore.emit(Rc::new(model)),
                    found => *kept.borrow_mut() = found.map(Rc::new),
                }
                update.force_update();
            });
            Box::new(())
        }));
    }
    if is_overwritten {
        kept.borrow_mut().take();
    }
    let Some(model) = kept.borrow().clone() else { return Html::default() };
    let (epoch, epochs) = (model.epoch, model.experiment.schedule.epochs);
    let answer = |act: Callback<()>| {
        let (kept, update) = (kept.clone(), update.clone());
        Callback::from(move |_: MouseEvent| {
            kept.borrow_mut().take();
            update.force_update();
            act.emit(());
        })
    };
    let restore = answer(Callback::from(move |()| on_restore.emit(model.clone())));
    let discard = answer(Callback::from(|()| {
        spawn_local(async {
            // If it cannot be forgotten, it is offered again: nothing is lost.
            let _ = storage::forget().await;
        });
    }));
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
