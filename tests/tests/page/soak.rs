//! Endurance: seeded random actions in each lab, and twenty minutes of training, drawing and opening. Run by
//! `cargo xtask test soak`, not by every run.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use pinhole_e2e::{
    Page, Setup,
    drawing::{SEVEN, THREE},
    page::LONG_TIMEOUT,
    scenario,
};
use serde_json::{Value, json};

use crate::training::set_up;

/// Random actions per lab.
const ACTIONS: u32 = 1000;
/// Actions between two looks at the page.
const ACTIONS_PER_LOOK: u32 = 50;
/// Length of the long run.
const ENDURANCE: Duration = Duration::from_mins(20);
/// Deadline of each scenario of endurance.
const DEADLINE: Duration = Duration::from_mins(40);

/// Script: `actions` random actions from a seed, as a person could do them: buttons, menus, fields, strokes and keys.
/// Buttons that open or save files wait for a person, so they are left out.
const ACT: &str = r"
    let [seed, actions, hash, done] = arguments;
    const random = () => {
        seed = (seed + 0x6d2b79f5) | 0;
        let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
        return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
    };
    const pick = (list) => list[Math.floor(random() * list.length)];
    const shown = (selector) => [...document.querySelectorAll(selector)]
        .filter(element => element.offsetParent !== null && !element.matches(':disabled'));
    const changed = (element) => ['input', 'change'].forEach(name => element.dispatchEvent(new Event(name, { bubbles: true })));
    const kinds = [
        () => pick(shown('button, summary').filter(button => !/open|save|copy|report|export/i.test(button.textContent)))?.click(),
        () => {
            const menu = pick(shown('select'));
            if (!menu) return;
            menu.selectedIndex = Math.floor(random() * menu.options.length);
            changed(menu);
        },
        () => {
            const field = pick(shown('[role=spinbutton], input[type=range], input[type=search]'));
            if (!field) return;
            field.focus();
            field.value = pick(['0', '-1', '1e9', 'abc', '0,5', '0.001', '3', '17', '', '1']);
            changed(field);
            field.blur();
        },
        () => pick(shown('input[type=checkbox], input[type=radio]'))?.click(),
        () => {
            const pad = pick(shown('canvas'));
            if (!pad) return;
            const { left, top, width, height } = pad.getBoundingClientRect();
            const at = () => ({ bubbles: true, pointerId: 1, buttons: 1,
                clientX: left + random() * width, clientY: top + random() * height });
            for (const name of ['pointerdown', 'pointermove', 'pointermove', 'pointerup'])
                pad.dispatchEvent(new PointerEvent(name, at()));
        },
        () => {
            const key = pick(['ArrowUp', 'ArrowRight', ' ', 'Enter', 'Escape', 'z', 'y', 'Home', 'Delete']);
            const event = new KeyboardEvent('keydown', { key, bubbles: true, ctrlKey: key === 'z' || key === 'y' });
            (document.activeElement ?? document.body).dispatchEvent(event);
        },
    ];
    (async () => {
        for (let action = 0; action < actions; action += 1) {
            pick(kinds)();
            await new Promise(resolve => setTimeout(resolve, 20));
            if (location.hash.split('?')[0] !== hash) location.hash = hash;
        }
    })().then(() => done(seed), error => done(String(error.stack ?? error)));";

/// Random actions in the lab at `hash`, with a look at the page after every few.
async fn act_at_random(page: &Page, hash: &str, first_seed: u32) -> Result<()> {
    let mut seed = json!(first_seed);
    for look in 0..ACTIONS / ACTIONS_PER_LOOK {
        let arguments = vec![seed.clone(), json!(ACTIONS_PER_LOOK), json!(hash)];
        seed = page.client.execute_async(ACT, arguments).await?;
        ensure!(seed.is_number(), "after {} actions: {seed}", look * ACTIONS_PER_LOOK);
        page.assert_alive().await.with_context(|| format!("within {} actions", (look + 1) * ACTIONS_PER_LOOK))?;
    }
    Ok(())
}

#[test]
#[ignore = "takes minutes: cargo xtask test soak"]
fn a_thousand_random_actions_in_the_digits_lab_break_nothing() {
    scenario(Setup { deadline: DEADLINE, ..Setup::cpu() }, async |page| {
        page.open("#/").await?;
        act_at_random(page, "#/", 1).await?;
        // The same page, whatever it was left with.
        if page.can_press("Stop").await? {
            page.press("Stop").await?;
        }
        page.until("the end of the run", LONG_TIMEOUT, async || Ok((!page.can_press("Stop").await?).then_some(())))
            .await?;
        page.open("#/").await?;
        set_up(page, 500, 64, 1).await?;
        page.press("Train").await?;
        page.until_phase("finished", LONG_TIMEOUT).await
    });
}

#[test]
#[ignore = "takes minutes: cargo xtask test soak"]
fn a_thousand_random_actions_in_the_tables_lab_break_nothing() {
    scenario(Setup { deadline: DEADLINE, ..Setup::cpu() }, async |page| {
        page.open("#/tables").await?;
        page.press("Try: Machine sensors").await?;
        act_at_random(page, "#/tables", 2).await?;
        page.open("#/tables").await?;
        page.press("Try: Machine sensors").await?;
        page.assert_alive().await
    });
}

/// Bytes of the page's heap after a collection; only Chromium tells them.
async fn heap_bytes(page: &Page) -> Result<f64> {
    page.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    let bytes: Value = page.script("return performance.memory.usedJSHeapSize;", vec![]).await?;
    bytes.as_f64().context("a number of bytes")
}

#[test]
#[ignore = "takes twenty minutes: cargo xtask test soak"]
fn twenty_minutes_of_training_and_drawing_leave_memory_flat() {
    scenario(Setup { deadline: DEADLINE, ..Setup::cpu() }, async |page| {
        page.open("").await?;
        let start = Instant::now();
        let mut heaps = Vec::new();
        while start.elapsed() < ENDURANCE {
            set_up(page, 2000, 64, 10).await?;
            page.press("Train").await?;
            page.press("Clear").await?;
            page.draw(if heaps.len() % 2 == 0 { THREE } else { SEVEN }).await?;
            page.until_phase("finished", LONG_TIMEOUT).await?;
            page.assert_alive().await?;
            heaps.push(heap_bytes(page).await?);
            println!("{:>5.0} s: {:.1} MB", start.elapsed().as_secs_f64(), heaps[heaps.len() - 1] / 1e6);
        }
        let quarter = heaps.len() / 4;
        let mean = |heaps: &[f64]| heaps.iter().sum::<f64>() / heaps.len() as f64;
        let (early, late) = (mean(&heaps[quarter..2 * quarter]), mean(&heaps[3 * quarter..]));
        ensure!(late < 1.1 * early + 2e6, "the heap grew from {:.1} to {:.1} MB", early / 1e6, late / 1e6);
        Ok(())
    });
}
