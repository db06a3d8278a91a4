//! Badge of the device in use, and the menu that chooses another.

use pinhole_protocol::{DeviceKind, DevicePreference};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{components::format::fixed, engine_client::EngineState};

const CHOICES: [(DevicePreference, &str, &str); 3] = [
    (DevicePreference::Auto, "auto", "Auto"),
    (DevicePreference::WebGpu, "webgpu", "WebGPU"),
    (DevicePreference::Cpu, "cpu", "CPU"),
];

/// Name of the device.
pub fn device_text(state: &EngineState) -> String {
    match state {
        EngineState::Ready(device) if device.kind == DeviceKind::WebGpu => format!("WebGPU, {}", device.name),
        EngineState::Ready(device) => device.name.clone(),
        _ => "engine loading".into(),
    }
}

/// Badge and menu; the menu is locked during training.
pub fn device_control(
    state: &EngineState,
    preference: DevicePreference,
    is_locked: bool,
    on_choose: &Callback<DevicePreference>,
) -> Html {
    let onchange = on_choose.reform(|event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        CHOICES.into_iter().find(|(_, slug, _)| *slug == value).map_or(DevicePreference::Auto, |(choice, ..)| choice)
    });
    html! {
        <div class="device">
            { device_badge(state) }
            <label class="menu">
                <span class="menu-name">{ "Device" }</span>
                <select {onchange} aria-label="Device" disabled={is_locked} title={is_locked.then_some("Stop training first")}>
                    { for CHOICES.map(|(choice, value, title)| html! {
                        <option {value} selected={choice == preference}>{ title }</option>
                    }) }
                </select>
            </label>
        </div>
    }
}

/// Badge with the device in use, or the state of the engine.
fn device_badge(state: &EngineState) -> Html {
    match state {
        EngineState::Loading { bytes, total } => loading(*bytes, *total),
        EngineState::Starting => badge("loading", "Choosing a device…".into(), None),
        EngineState::Dead(_) => badge("dead", "Stopped".into(), None),
        EngineState::Ready(device) => {
            let (kind, name) = match device.kind {
                DeviceKind::WebGpu => ("webgpu", format!("WebGPU · {}", device.name)),
                DeviceKind::Cpu => ("cpu", device.name.clone()),
            };
            badge(kind, name, device.fallback_reason.clone())
        }
    }
}

fn badge(kind: &'static str, name: String, reason: Option<String>) -> Html {
    html! {
        <span class="device-badge" data-testid="device" data-device={kind} title={reason.clone()}>
            <span class="status-light" aria-hidden="true"></span>
            <span class="device-name">{ name }</span>
            if let Some(reason) = reason {
                <span class="device-reason" data-testid="device-reason">{ reason }</span>
            }
        </span>
    }
}

fn loading(bytes: f64, total: f64) -> Html {
    let megabytes = |bytes: f64| fixed(bytes / 1e6, 1);
    let (text, value) = if total > 0.0 {
        (format!("Engine {} of {} MB", megabytes(bytes), megabytes(total)), Some(fixed(bytes / total, 3)))
    } else {
        (format!("Engine {} MB", megabytes(bytes)), None)
    };
    html! {
        <span class="device-badge" data-testid="device" data-device="loading">
            <span class="device-name">{ text }</span>
            <progress aria-label="Loading the engine" {value} max="1"></progress>
        </span>
    }
}
