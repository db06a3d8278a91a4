//! Hosting of `dist` in a sub-folder.

use anyhow::ensure;
use pinhole_e2e::{Setup, drawing::SEVEN, page::LONG_TIMEOUT, scenario};

#[test]
fn the_page_works_in_a_sub_folder() {
    let setup = Setup { mount: "/some/folder/".into(), ..Setup::cpu() };
    scenario(setup, async |page| {
        page.open("").await?;
        page.draw(SEVEN).await?;
        page.until("a denoised picture", LONG_TIMEOUT, async || Ok(page.displayed_number("psnr-denoised").await.ok()))
            .await?;
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
