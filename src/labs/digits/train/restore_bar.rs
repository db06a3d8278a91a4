//! Bar that offers the runs of earlier visits: the last of each tab, unless it is still in progress there.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    crash_overlay,
    services::use_mount,
    storage::{self, StoredRun},
};

/// Bar with buttons to restore or discard each stored run; empty if none was stored, or once a run of this tab is in
/// progress.
#[hook]
pub fn use_restore_bar(is_training: bool, on_restore: Callback<Rc<StoredRun>>) -> Html {
    let offered = use_mut_ref(Vec::<Rc<StoredRun>>::new);
    let update = use_force_update();
    {
        let (offered, update, on_restore) = (offered.clone(), update.clone(), on_restore.clone());
        use_mount(Rc::new(move || {
            let is_requested = crash_overlay::take_restore_flag();
            let (offered, update, on_restore) = (offered.clone(), update.clone(), on_restore.clone());
            spawn_local(async move {
                let mut runs = offered_runs().await;
                if is_requested && !runs.is_empty() {
                    on_restore.emit(runs.remove(0));
                }
                offered.replace(runs);
                update.force_update();
            });
            Box::new(())
        }));
    }
    if is_training {
        offered.borrow_mut().clear();
    }
    let runs = offered.borrow().clone();
    if runs.is_empty() {
        return Html::default();
    }
    let on_done = Callback::from(move |run: Rc<StoredRun>| {
        offered.borrow_mut().retain(|other| other.id != run.id);
        update.force_update();
    });
    html! {
        <div class="notice restore-bar" role="region" aria-label="Kept model" data-testid="kept">
            { for runs.iter().enumerate().map(|(index, run)| offer(run, index, &on_restore, &on_done)) }
        </div>
    }
}

/// Runs to offer, the newest first. A refused storage has none; beside the run it is said once a checkpoint cannot be
/// stored.
async fn offered_runs() -> Vec<Rc<StoredRun>> {
    let runs = storage::load_runs().await.unwrap_or_default();
    let in_progress = storage::runs_in_progress().await;
    let is_offered = |run: &StoredRun| run.is_offered && run.bytes > 0 && !in_progress.contains(&run.id);
    runs.into_iter().filter(is_offered).map(Rc::new).collect()
}

fn offer(
    run: &Rc<StoredRun>,
    index: usize,
    on_restore: &Callback<Rc<StoredRun>>,
    on_done: &Callback<Rc<StoredRun>>,
) -> Html {
    let button_callback = |act: Callback<Rc<StoredRun>>| {
        let (run, on_done) = (run.clone(), on_done.clone());
        Callback::from(move |_: MouseEvent| {
            on_done.emit(run.clone());
            act.emit(run.clone());
        })
    };
    let discard = Callback::from(|run: Rc<StoredRun>| {
        spawn_local(async move {
            // A run that cannot be deleted is offered again, which does no harm.
            let _ = storage::delete_run(&run.id).await;
        });
    });
    let (epoch, epochs) = (run.epoch(), run.experiment.schedule.epochs);
    let (sentence, rest) = if index == 0 {
        (format!("Your last model (epoch {epoch} of {epochs}) was kept in this browser."), String::new())
    } else {
        (format!("{} of another tab (epoch {epoch} of {epochs}) was kept too.", run.name), format!(" {}", run.name))
    };
    html! {
        <div class="row">
            <p>{ sentence }</p>
            <button type="button" class="button primary" onclick={button_callback(on_restore.clone())}>{ "Restore" }{ &rest }</button>
            <button type="button" class="button quiet" onclick={button_callback(discard)}>{ "Discard" }{ rest }</button>
        </div>
    }
}
