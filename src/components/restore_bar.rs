//! Bar that offers a lab's runs of earlier visits: the last of each tab, unless it is still in progress there.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    crash_overlay,
    route::Route,
    services::use_mount,
    storage::{self, RunKind, StoredRun},
};

/// Most runs that are offered; older ones are under "Stored data".
const MOST: usize = 4;

/// Settings of the bar.
pub struct RestoreBar {
    /// Lab whose runs are offered.
    pub lab: Route,
    /// True once a run of this tab makes the offers pointless.
    pub is_superseded: bool,
    /// True while nothing can be restored.
    pub is_locked: bool,
    pub on_restore: Callback<Rc<StoredRun>>,
}

/// Bar with buttons to restore or discard each stored run; empty if none was stored, or once a run of this tab is in
/// progress. After a reload from the crash overlay the newest run is restored without asking.
#[hook]
pub fn use_restore_bar(bar: RestoreBar) -> Html {
    let offered = use_mut_ref(Vec::<Rc<StoredRun>>::new);
    let update = use_force_update();
    {
        let (offered, update) = (offered.clone(), update.clone());
        let (lab, on_restore) = (bar.lab, bar.on_restore.clone());
        use_mount(Rc::new(move || {
            let is_requested = crash_overlay::take_restore_flag();
            let (offered, update, on_restore) = (offered.clone(), update.clone(), on_restore.clone());
            spawn_local(async move {
                let mut runs = offered_runs(lab).await;
                if is_requested && !runs.is_empty() {
                    on_restore.emit(runs.remove(0));
                }
                offered.replace(runs);
                update.force_update();
            });
            Box::new(())
        }));
    }
    if bar.is_superseded {
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
    let label = if bar.lab == Route::Tables { "Kept detector" } else { "Kept model" };
    html! {
        <div class="notice restore-bar" role="region" aria-label={label} data-testid="kept">
            { for runs.iter().enumerate().map(|(index, run)| offer(run, index, &bar, &on_done)) }
        </div>
    }
}

/// Runs to offer, the newest first. A refused storage has none; beside the run it is said once a checkpoint cannot be
/// stored.
async fn offered_runs(lab: Route) -> Vec<Rc<StoredRun>> {
    let runs = storage::load_runs().await.unwrap_or_default();
    let in_progress = storage::runs_in_progress().await;
    let this_tab = storage::tab_id();
    // After a reload the browser may hold this tab's lock for another second.
    let is_in_progress = |run: &StoredRun| in_progress.contains(&run.id) && run.tab != this_tab;
    let is_offered = |run: &StoredRun| run.kind.lab() == lab && run.is_offered && run.bytes > 0 && !is_in_progress(run);
    runs.into_iter().filter(is_offered).take(MOST).map(Rc::new).collect()
}

fn offer(run: &Rc<StoredRun>, index: usize, bar: &RestoreBar, on_done: &Callback<Rc<StoredRun>>) -> Html {
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
    let (sentence, name) = sentence_and_name(run, index == 0);
    html! {
        <div class="row">
            <p>{ sentence }</p>
            <button type="button" class="button primary" disabled={bar.is_locked} onclick={button_callback(bar.on_restore.clone())}>
                { "Restore" }{ &name }
            </button>
            <button type="button" class="button quiet" onclick={button_callback(discard)}>{ "Discard" }{ name }</button>
        </div>
    }
}

/// Sentence of an offer, and the run's name for its buttons; the newest run needs none.
fn sentence_and_name(run: &StoredRun, is_newest: bool) -> (String, String) {
    match &run.kind {
        RunKind::Network(network) => {
            let (epoch, epochs) = (network.epoch(), network.experiment.schedule.epochs);
            if is_newest {
                (format!("Your last model (epoch {epoch} of {epochs}) was kept in this browser."), String::new())
            } else {
                let name = &run.name;
                (format!("{name} of another tab (epoch {epoch} of {epochs}) was kept too."), format!(" {name}"))
            }
        }
        RunKind::Detector(_) if is_newest => {
            (format!("Your last detector (of {}) was kept in this browser.", run.data), String::new())
        }
        RunKind::Detector(_) => {
            (format!("A detector of another tab (of {}) was kept too.", run.data), format!(" {}", run.data))
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::storage::DetectorRun;

    #[wasm_bindgen_test(unsupported = test)]
    fn each_lab_has_its_own_sentence() {
        let mut run = StoredRun { name: "Article".into(), data: "payments.csv".into(), ..StoredRun::default() };
        run.kind = RunKind::default();
        assert!(sentence_and_name(&run, true).0.starts_with("Your last model (epoch 0 of "));
        assert_eq!(sentence_and_name(&run, false).1, " Article");
        run.kind = RunKind::Detector(DetectorRun { architecture: "4-8-4".into() });
        let sentence = "Your last detector (of payments.csv) was kept in this browser.";
        assert_eq!(sentence_and_name(&run, true), (sentence.to_owned(), String::new()));
        assert_eq!(sentence_and_name(&run, false).1, " payments.csv");
    }
}
