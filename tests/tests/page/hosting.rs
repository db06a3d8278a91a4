//! `dist` works on any static host, in a sub-folder too.

use anyhow::ensure;
use pinhole_e2e::{Setup, drawing::SEVEN, page::EVENTUALLY, scenario};

#[test]
fn a_sub_folder_is_as_good_as_the_root() {
    let setup = Setup { mount: "/some/folder/".into(), ..Setup::cpu() };
    scenario(setup, async |page| {
        page.open("").await?;
        page.draw(SEVEN).await?;
        page.until("a denoised picture", EVENTUALLY, async || Ok(page.figure("psnr-denoised").await.ok())).await?;
        for request in page.requests() {
            ensure!(
                request.url.starts_with("/some/folder/") || request.url == "/favicon.ico",
                "asked for {} outside its folder",
                request.url
            );
        }
        Ok(())
    });
}
