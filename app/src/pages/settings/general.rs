//! What the installation is called, and where people reach it.

use leptos::prelude::*;

use crate::{
    api::settings::SaveGeneral,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        field::{Field, Input, Span},
        form::{FormProblem, Problem},
        panel::Panel,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The panel.
#[component]
pub fn General(
    /// The name as it is.
    instance_name: String,
    /// The address that was set; may be empty.
    public_url: String,
    /// The address that the reader came by.
    came_by: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SaveGeneral>::new();
    let problem = Problem::of(action);
    let hint = tu_string!(i18n, settings.general.public_url_hint, came_by = came_by);
    view! {
        <Panel id="general" title=tu_string!(i18n, settings.general.title)>
            <div class="body">
                <ActionForm action>
                    <div class="stack">
                        <FormProblem problem fields=&["instance_name", "public_url"] />
                        <div class="fields">
                            <Field
                                label=tu_string!(i18n, settings.general.instance_name)
                                name="instance_name"
                                value=problem.typed("instance_name", instance_name)
                                hint=tu_string!(i18n, settings.general.instance_name_hint)
                                error=problem.field("instance_name")
                                span=Span::Half
                            />
                            <Field
                                label=tu_string!(i18n, settings.general.public_url)
                                name="public_url"
                                input=Input::Url
                                value=problem.typed("public_url", public_url)
                                hint
                                error=problem.field("public_url")
                                placeholder="https://nas.example.com"
                                span=Span::Half
                            />
                        </div>
                        <div>
                            <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                                {t!(i18n, settings.save)}
                            </Button>
                        </div>
                    </div>
                </ActionForm>
            </div>
        </Panel>
    }
    .into_any()
}
