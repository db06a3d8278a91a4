//! Benchmark page for scripts, which starts by itself: `#/bench?task=T1&device=cpu`.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use pinhole_protocol::{BenchReport, BenchTask, Command, DeviceKind, Event};
use serde::Serialize;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::{
    components::format::fixed,
    engine_client::{EngineState, EngineUpdate, use_engine_updates},
    route::Route,
    services::{Services, use_mount},
    shell::header,
};

/// Result that a script reads from `window.__bench`.
#[derive(Serialize)]
struct Outcome {
    ok: bool,
    task: BenchTask,
    device: &'static str,
    device_name: String,
    fallback_reason: Option<String>,
    steps_per_s: f64,
    steps_per_s_min: f64,
    steps_per_s_max: f64,
    time_to_first_step_ms: f64,
    median_ms: f64,
    steps: usize,
    rows_per_step: usize,
    rows_per_s: f64,
    peak_memory_bytes: Option<f64>,
    losses: Vec<f32>,
}

impl From<BenchReport> for Outcome {
    fn from(report: BenchReport) -> Self {
        Self {
            ok: true,
            task: report.task,
            device: match report.device.kind {
                DeviceKind::WebGpu => "webgpu",
                DeviceKind::Cpu => "cpu",
            },
            device_name: report.device.name,
            fallback_reason: report.device.fallback_reason,
            steps_per_s: report.steps_per_s,
            steps_per_s_min: report.steps_per_s_min,
            steps_per_s_max: report.steps_per_s_max,
            time_to_first_step_ms: report.time_to_first_step_ms,
            median_ms: report.median_ms,
            steps: report.steps,
            rows_per_step: report.rows_per_step,
            rows_per_s: report.rows_per_step as f64 * report.steps_per_s,
            peak_memory_bytes: report.peak_memory_bytes,
            losses: report.losses,
        }
    }
}

/// Failure that a script reads from `window.__bench`.
#[derive(Serialize)]
struct Refusal {
    ok: bool,
    error: String,
}

fn publish(result: &impl Serialize) {
    let (Some(window), Ok(value)) = (web_sys::window(), result.serialize(&serde_wasm_bindgen::Serializer::new()))
    else {
        return;
    };
    // A window always takes a new property.
    let _ = Reflect::set(&Object::from(JsValue::from(window)), &"__bench".into(), &value);
}

fn log(line: &str) {
    web_sys::console::log_1(&line.into());
}

#[derive(Properties, PartialEq)]
pub struct BenchPageProps {
    /// Task to run; `None` if the address names none.
    pub task: Option<BenchTask>,
    pub services: Services,
}

/// Runs the task once, as soon as the engine is ready.
#[component]
pub fn BenchPage(props: &BenchPageProps) -> Html {
    let engine = &props.services.engine;
    let status = use_mut_ref(|| "Preparing…".to_owned());
    let update = use_force_update();
    let set_status = {
        let status = status.clone();
        move |text: String| {
            *status.borrow_mut() = text;
            update.force_update();
        }
    };
    {
        let (engine, task, set_status) = (engine.clone(), props.task, set_status.clone());
        use_mount(Rc::new(move || {
            if let Some(task) = task {
                engine.send(Command::Bench { task });
            } else {
                let error = "no such task: use #/bench?task=T1 to T8".to_owned();
                set_status(error.clone());
                publish(&Refusal { ok: false, error });
            }
            Box::new(())
        }));
    }
    use_engine_updates(engine, Rc::new(move |update: &EngineUpdate| on_update(update, &set_status)));
    let title = props.task.map_or_else(|| "Benchmark".to_owned(), |task| format!("Benchmark {task:?}"));
    html! {
        <>
            { header(Route::Bench(props.task), Html::default()) }
            <main class="bench-page">
                <h1>{ title }</h1>
                <p role="status">{ &*status.borrow() }</p>
            </main>
        </>
    }
}

fn on_update(update: &EngineUpdate, set_status: &impl Fn(String)) {
    match update {
        EngineUpdate::Event(Event::BenchStarted) => {
            log("@@start");
            set_status("Measuring…".into());
        }
        EngineUpdate::Event(Event::BenchEnded { steps }) => log(&format!("@@end {steps}")),
        EngineUpdate::Event(Event::BenchDone(report)) => {
            set_status(format!("{} steps per second on {}", fixed(report.steps_per_s, 2), report.device.name));
            publish(&Outcome::from(report.clone()));
        }
        EngineUpdate::Event(Event::Failed(failure)) => {
            set_status(failure.message.clone());
            publish(&Refusal { ok: false, error: failure.message.clone() });
        }
        EngineUpdate::State(EngineState::Dead(error)) => publish(&Refusal { ok: false, error: error.clone() }),
        _ => {}
    }
}
