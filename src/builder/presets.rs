//! Menu of presets in groups, with the description of the selected one.

use pinhole_protocol::{DataSpec, Experiment, ImageSource, NetworkSpec, Preset, PresetGroup, presets};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::data_source;

/// Preset with the same network, up to the input's shape, and the same objective. Length of training and data may
/// differ, as they do not change what there is to look for.
pub fn preset_of(experiment: &Experiment) -> Option<Preset> {
    presets().into_iter().find(|preset| {
        let adapted = adapted_preset(experiment, preset, experiment.data.clone());
        let is_same_task = (&experiment.network, &experiment.objective) == (&adapted.network, &adapted.objective);
        // The transfer preset has the article's network and differs in the encoder's learning rate.
        is_same_task && experiment.schedule.part_rates == adapted.schedule.part_rates
    })
}

/// True if the data are those that the preset brings along, which are not generated digits.
pub fn brings_data(preset: &Preset, data: &DataSpec) -> bool {
    preset.experiment.data.source != ImageSource::Strokes && preset.experiment.data == *data
}

/// Experiment of the preset on the data, input shape and seed of `experiment`. A preset for other data than generated
/// digits brings its own, and so does one that learns what is known of these alone, unless pictures or rows of one's own were chosen; any preset does where pictures are asked for
/// and none are open.
pub fn with_preset(experiment: &Experiment, preset: &Preset, has_opened: bool) -> Experiment {
    let is_built_in = |source: &ImageSource| matches!(source, ImageSource::Strokes | ImageSource::Digits8x8);
    let has_own_data = !is_built_in(&experiment.data.source);
    let lacks_opened = experiment.data.source == ImageSource::Opened && !has_opened;
    let is_for_strokes = preset.experiment.data.source == ImageSource::Strokes;
    let lacks_attributes = !preset.experiment.attributes().is_empty() && experiment.data.source != ImageSource::Strokes;
    let brings_data = (!is_for_strokes || lacks_attributes) && !has_own_data;
    let data = if brings_data || lacks_opened { preset.experiment.data.clone() } else { experiment.data.clone() };
    adapted_preset(experiment, preset, data)
}

/// Experiment of the preset with other data, and the input shape and seed of `experiment`.
fn adapted_preset(experiment: &Experiment, preset: &Preset, data: DataSpec) -> Experiment {
    let network = NetworkSpec { input: experiment.network.input, ..preset.experiment.network.clone() };
    let mut adapted = Experiment { data, network, seed: experiment.seed, ..preset.experiment.clone() };
    data_source::adapt(&mut adapted, None);
    adapted
}

/// Renders the menu of presets and the description of the selected one.
pub fn view(experiment: &Experiment, on_choose: Callback<Preset>) -> Html {
    let presets = presets();
    let chosen = preset_of(experiment);
    let name = chosen.as_ref().map(|preset| preset.name);
    let of_group = |group| presets.iter().filter(move |preset: &&Preset| preset.group == group);
    let in_groups: Vec<&Preset> = PresetGroup::ALL.into_iter().flat_map(of_group).collect();
    let groups = PresetGroup::ALL.map(|group| {
        html! {
            <optgroup label={group.label()}>
                { for of_group(group).map(|preset| html! {
                    <option value={preset.name} selected={name == Some(preset.name)}>{ preset.title }</option>
                }) }
            </optgroup>
        }
    });
    // Index in the order of the groups, after "Your own".
    let selected_index =
        in_groups.iter().position(|preset| name == Some(preset.name)).map_or(0, |index| index as u32 + 1);
    let onchange = Callback::from(move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        if let Some(preset) = presets.iter().find(|preset| preset.name == value) {
            on_choose.emit(preset.clone());
        }
    });
    html! {
        <div class="preset">
            <label class="field">
                <span class="field-name">{ "Preset" }</span>
                <select {onchange} ~selectedIndex={selected_index} aria-label="Preset" aria-describedby="preset-about">
                    // Always rendered, as the indices count from it.
                    <option value="custom" hidden={chosen.is_some()} selected={chosen.is_none()}>{ "Your own" }</option>
                    { for groups }
                </select>
            </label>
            <div id="preset-about" class="hint">
                { match &chosen {
                    Some(preset) => html! {
                        <><p>{ preset.about }</p><p><strong>{ "Look for: " }</strong>{ preset.look_for }</p></>
                    },
                    None => html! { <p>{ "Edited from a preset." }</p> },
                } }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use pinhole_protocol::GridShape;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn a_preset_is_recognised_on_any_data() {
        for preset in presets() {
            let mut experiment = with_preset(&Experiment::default(), &preset, true);
            experiment.data.source = ImageSource::Digits8x8;
            experiment.seed = 7;
            experiment.network.input = GridShape { channels: 3, height: 32, width: 32 };
            assert_eq!(preset_of(&experiment).map(|preset| preset.name), Some(preset.name));
            experiment.schedule.epochs += 1;
            assert_eq!(preset_of(&experiment).map(|preset| preset.name), Some(preset.name));
            data_source::set_source(&mut experiment, ImageSource::TableRows, Some(12));
            assert_eq!(
                preset_of(&with_preset(&experiment, &preset, true)).map(|preset| preset.name),
                Some(preset.name)
            );
            experiment.network.dropout += 0.1;
            assert_eq!(preset_of(&experiment), None);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn a_preset_keeps_the_data_where_it_can() {
        let all = presets();
        let find = |name| all.iter().find(|preset| preset.name == name).expect("a preset");
        let (article, transfer) = (find("article"), find("transfer"));
        let real_digits = DataSpec { source: ImageSource::Digits8x8, limit: None };
        let experiment = Experiment { data: real_digits.clone(), ..Experiment::default() };
        assert_eq!(with_preset(&experiment, article, false).data, real_digits);
        assert_eq!(with_preset(&Experiment::default(), transfer, false).data, real_digits, "it brings its own");
        let tied = find("tied-code");
        assert_eq!(with_preset(&experiment, tied, false).data, tied.experiment.data, "real digits have no known slant");
        let few = Experiment { data: DataSpec { limit: Some(50), ..tied.experiment.data.clone() }, ..experiment };
        assert_eq!(with_preset(&few, tied, false).data, few.data, "generated ones do");
        let opened = DataSpec { source: ImageSource::Opened, limit: None };
        let on_opened = Experiment { data: opened.clone(), ..Experiment::default() };
        for preset in [article, transfer] {
            assert_eq!(with_preset(&on_opened, preset, true).data, opened, "pictures of one's own stay");
            assert_eq!(with_preset(&on_opened, preset, false).data, preset.experiment.data, "none are open");
        }
    }
}
