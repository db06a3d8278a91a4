//! Failures around the page, of worker, engine, network or storage: each is explained, and nothing is lost.

use anyhow::ensure;
use pinhole_e2e::{
    Setup,
    page::{LONG_TIMEOUT, SHORT_TIMEOUT},
    scenario,
};
use xtask::server::{Override, Reply};

use crate::{not_starting::until_overlay, training::set_up};

fn reply_for(part: &'static str, reply: Reply) -> Override {
    Box::new(move |path| path.contains(part).then(|| reply.clone()))
}

#[test]
fn an_error_in_the_page_offers_the_model_and_a_reload() {
    scenario(Setup::cpu(), async |page| {
        page.open("").await?;
        set_up(page, 500, 64, 2).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        page.script("setTimeout(() => { throw new Error('as the test wants'); });", vec![]).await?;
        until_overlay(page).await?;
        for earlier in std::fs::read_dir(page.downloads())? {
            std::fs::remove_file(earlier?.path())?;
        }
        page.press("Save the last model").await?;
        page.until("the saved model", SHORT_TIMEOUT, async || {
            let mut sizes = Vec::new();
            for entry in std::fs::read_dir(page.downloads())? {
                sizes.push(entry?.metadata()?.len());
            }
            Ok(sizes.into_iter().find(|size| *size > 100_000))
        })
        .await?;
        page.press("Reload").await?;
        page.until("a page without overlay", SHORT_TIMEOUT, async || {
            Ok((!page.overlay_is_shown().await?).then_some(()))
        })
        .await?;
        page.until_ready().await?;
        page.assert_alive().await
    });
}

#[test]
fn a_failing_worker_is_explained() {
    let broken = Reply {
        status: 200,
        content_type: "text/javascript",
        body: b"postMessage('listening'); setTimeout(() => { throw new Error('as the test wants'); }, 500);".to_vec(),
    };
    scenario(Setup::cpu().with_override(reply_for("engine-worker.js", broken)), async |page| {
        page.load("").await?;
        until_overlay(page).await?;
        Ok(())
    });
}

#[test]
fn a_panic_in_the_engine_is_explained() {
    let broken = Reply {
        status: 200,
        content_type: "text/javascript",
        body: b"postMessage({ panicked: 'index out of bounds at engine.rs:1' });".to_vec(),
    };
    scenario(Setup::cpu().with_override(reply_for("engine-worker.js", broken)), async |page| {
        page.load("").await?;
        until_overlay(page).await?;
        Ok(())
    });
}

#[test]
fn an_engine_that_cannot_be_fetched_is_explained() {
    let missing = Reply { status: 404, content_type: "text/plain", body: b"not found".to_vec() };
    scenario(Setup::cpu().with_override(reply_for("pinhole-worker-cpu_bg", missing)), async |page| {
        page.load("").await?;
        let explanation = page
            .until("an explanation", SHORT_TIMEOUT, async || {
                if page.overlay_is_shown().await? {
                    return until_overlay(page).await.map(Some);
                }
                Ok(page.notices().await?.into_iter().next())
            })
            .await?;
        println!("{explanation}");
        Ok(())
    });
}

#[test]
fn without_the_pretrained_model_one_can_still_train() {
    let missing = Reply { status: 404, content_type: "text/plain", body: b"not found".to_vec() };
    scenario(Setup::cpu().with_override(reply_for("models/", missing)), async |page| {
        page.open("").await?;
        println!("{}", page.until_notice(&["model"]).await?);
        set_up(page, 500, 64, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        page.assert_alive().await
    });
}

#[test]
fn refused_storage_is_reported_beside_the_run_and_training_continues() {
    let refuse = "for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });";
    scenario(Setup::cpu().before_scripts(refuse), async |page| {
        page.open("").await?;
        set_up(page, 500, 64, 2).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await?;
        let told = page.text("storage").await?.unwrap_or_default();
        ensure!(told.contains("does not store data"), "beside the run stands: {told}");
        ensure!(page.save_model().await?.len() > 100_000, "the model can be saved as a file");
        page.assert_alive().await
    });
}
