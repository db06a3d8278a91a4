//! Offers to open the tables of earlier visits again, in browsers that keep handles of files.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::FileSystemFileHandle;
use yew::prelude::*;

use crate::{services::use_mount, storage};

/// A button per table, the newest first; empty without any.
#[hook]
pub fn use_reopen(is_locked: bool, on_reopen: Callback<FileSystemFileHandle>) -> Html {
    let handles = use_mut_ref(Vec::<FileSystemFileHandle>::new);
    let update = use_force_update();
    {
        let handles = handles.clone();
        use_mount(Rc::new(move || {
            let (handles, update) = (handles.clone(), update.clone());
            spawn_local(async move {
                // A refused storage has none.
                let loaded = storage::load_handles().await.unwrap_or_default();
                handles.replace(loaded);
                update.force_update();
            });
            Box::new(())
        }));
    }
    let handles = handles.borrow();
    if handles.is_empty() {
        return Html::default();
    }
    html! {
        <div class="row reopen">
            { for handles.iter().map(|handle| {
                let onclick = { let handle = handle.clone(); on_reopen.reform(move |_: MouseEvent| handle.clone()) };
                html! {
                    <button type="button" class="button" disabled={is_locked} {onclick}>
                        { format!("Open {} again", handle.name()) }
                    </button>
                }
            }) }
        </div>
    }
}
