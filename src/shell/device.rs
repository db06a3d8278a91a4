//! What computes, and why; and the choice of it.

use pinhole_protocol::{DeviceKind, DevicePreference};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::engine::{EngineState, use_engine, use_engine_state};

const CHOICES: [(DevicePreference, &str, &str); 3] = [
    (DevicePreference::Auto, "auto", "Auto"),
    (DevicePreference::WebGpu, "webgpu", "WebGPU"),
    (DevicePreference::Cpu, "cpu", "CPU"),
];

#[derive(Properties, PartialEq)]
pub struct DeviceControlProps {
    /// Asked to move the work to another device.
    pub on_choose: Callback<DevicePreference>,
    /// Why the device cannot be changed now.
    #[prop_or_default]
    pub locked: Option<&'static str>,
}

/// The badge, and the menu beside it.
#[component]
pub fn DeviceControl(props: &DeviceControlProps) -> Html {
    // Renders again when the engine starts anew, perhaps elsewhere.
    use_engine_state();
    let preference = use_engine().preference();
    let onchange = props.on_choose.reform(|event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        CHOICES.into_iter().find(|(_, slug, _)| *slug == value).map_or(DevicePreference::Auto, |(choice, ..)| choice)
    });
    html! {
        <div class="device">
            <DeviceBadge />
            <label class="menu">
                <span class="menu-name">{ "Device" }</span>
                <select {onchange} aria-label="Device" disabled={props.locked.is_some()} title={props.locked}>
                    { for CHOICES.map(|(choice, value, title)| html! {
                        <option {value} selected={choice == preference}>{ title }</option>
                    }) }
                </select>
            </label>
        </div>
    }
}

/// The device in use, or how far the engine is.
#[component]
fn DeviceBadge() -> Html {
    match use_engine_state() {
        EngineState::Loading { bytes, total } => loading(bytes, total),
        EngineState::Starting => badge("loading", "Choosing a device…".into(), None),
        EngineState::Dead(_) => badge("dead", "Stopped".into(), None),
        EngineState::Ready(device) => {
            let (kind, name) = match device.kind {
                DeviceKind::WebGpu => ("webgpu", format!("WebGPU · {}", device.name)),
                DeviceKind::Cpu => ("cpu", device.name),
            };
            badge(kind, name, device.fallback_reason)
        }
    }
}

fn badge(kind: &'static str, name: String, reason: Option<String>) -> Html {
    html! {
        <span class="device-badge" data-testid="device" data-device={kind} title={reason.clone()}>
            <span class="lamp" aria-hidden="true"></span>
            <span class="device-name">{ name }</span>
            if let Some(reason) = reason {
                <span class="device-reason" data-testid="device-reason">{ reason }</span>
            }
        </span>
    }
}

fn loading(bytes: f64, total: f64) -> Html {
    let megabytes = |bytes: f64| format!("{:.1}", bytes / 1e6);
    let (text, value) = if total > 0.0 {
        (format!("Engine {} of {} MB", megabytes(bytes), megabytes(total)), Some((bytes / total).to_string()))
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
