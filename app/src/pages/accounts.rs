//! Service Account and Device Pairing: a row an account.

mod deleted;

use leptos::prelude::*;
use leptos_meta::Title;
use tocsin_domain::{
    account::{Account, IsDefault, SignIn},
    authorization::Authorization,
};

use self::deleted::{DeletedAccounts, JustDeleted};
use crate::{
    api::{
        accounts::{Row as AccountRow, TestSending, account_list},
        deleting::{EraseAccount, RestoreAccount, deleted_accounts},
        error::{ApiError, Kind as Refusal},
        import::EXPORT,
        links::MakeLink,
    },
    components::{
        account_status::AccountStatus,
        action_form::ActionForm,
        button::{Button, IconLink, Kind, LinkButton, Press},
        done::Done,
        empty::Empty,
        form::{FormProblem, Problem},
        icon::{Glyph, Monogram},
        layout::PageHead,
        live::use_live,
        load_problem::LoadProblem,
        panel::Panel,
        receiving_status::{ReceivingStatus, is_trouble},
        table::{Cell, CellText, Column, Place, Row, Table, Urgency},
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    wizards::links::{JustMade, MakeFromRow},
};

/// Service Account and Device Pairing: a row an account.
#[component]
pub fn Accounts() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, accounts.title);
    let live = use_live();
    let list = Resource::new(move || live.version.get(), |_| account_list());
    let test = ServerAction::<TestSending>::new();
    let link = ServerAction::<MakeLink>::new();
    let made = move || link.value().get().and_then(Result::ok);
    let problem = Problem::of(test);
    let restore = ServerAction::<RestoreAccount>::new();
    let erase = ServerAction::<EraseAccount>::new();
    let gone = Resource::new(move || live.version.get(), |_| deleted_accounts());
    view! {
        <Title text=title />
        <PageHead title />
        <Done words=done />
        <JustDeleted list=gone restore />
        <FormProblem problem />
        <FormProblem problem=Problem::of(restore) />
        <FormProblem problem=Problem::of(erase) />
        <FormProblem problem=Problem::of(link) />
        {move || made().map(|link| view! { <JustMade link /> })}
        <Panel
            id="email"
            title=tu_string!(i18n, accounts.email)
            actions=move || {
                view! {
                    // A file, not a page.
                    <LinkButton glyph=Glyph::Export href=EXPORT attr:download="accounts.csv">
                        {t!(i18n, import.export)}
                    </LinkButton>
                    <LinkButton glyph=Glyph::Bulk href="/accounts/import">
                        {t!(i18n, import.button)}
                    </LinkButton>
                    <LinkButton kind=Kind::Main href="/accounts/add">
                        {t!(i18n, accounts.add.button)}
                    </LinkButton>
                }
            }
        >
            <Transition>
                <List list test link />
            </Transition>
        </Panel>
        <DeletedAccounts list=gone restore erase />
    }
    .into_any()
}

fn done(done: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    match done {
        "restored" => Some(tu_string!(i18n, accounts.done.restored)),
        "erased" => Some(tu_string!(i18n, accounts.done.erased)),
        _ => None,
    }
}

#[component]
fn List(
    list: Resource<Result<Vec<AccountRow>, ApiError>>,
    test: ServerAction<TestSending>,
    link: ServerAction<MakeLink>,
) -> impl IntoView {
    let i18n = use_i18n();
    // While Tocsin does not answer, what was known stays.
    let rows = Memo::new(move |before: Option<&Vec<AccountRow>>| match list.get() {
        Some(Ok(rows)) => rows,
        _ => before.cloned().unwrap_or_default(),
    });
    let error = Memo::new(move |_| {
        let error = list.get().and_then(Result::err)?;
        (error.kind != Refusal::Failed || rows.with(Vec::is_empty)).then_some(error)
    });
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let columns = move || {
        vec![
            Column::text(tu_string!(i18n, accounts.column.account)),
            Column::text(tu_string!(i18n, accounts.column.state)),
            Column::text(tu_string!(i18n, accounts.column.last_sent)),
            Column::number(tu_string!(i18n, accounts.column.rules)),
            Column::hidden(tu_string!(i18n, common.actions)),
        ]
    };
    move || match (error.get(), is_empty.get()) {
        (Some(error), _) => view! { <LoadProblem error /> }.into_any(),
        (None, true) => view! {
            <Empty glyph=Glyph::Accounts fact=tu_string!(i18n, accounts.none)>
                <p class="sub">{t!(i18n, accounts.none_hint)}</p>
            </Empty>
        }
        .into_any(),
        (None, false) => view! {
            <Table label=tu_string!(i18n, accounts.table) columns=columns()>
                // A row that did not change stays, and with it the focus.
                <For each=move || rows.get() key=|row| format!("{row:?}") let(row)>
                    <Line row test link />
                </For>
            </Table>
        }
        .into_any(),
    }
}

#[component]
fn Line(row: AccountRow, test: ServerAction<TestSending>, link: ServerAction<MakeLink>) -> impl IntoView {
    let i18n = use_i18n();
    let AccountRow {
        account,
        provider,
        rules,
        held,
        converts_to,
        receiving,
    } = row;
    let address = account.settings.address.to_string();
    let needs = account.authorization.needs_somebody();
    let subtitle = if provider.key.is_custom() {
        format!("{} · {}", provider.name, account.settings.smtp.host)
    } else {
        provider.name
    };
    let last_sent = account.sent_at.map_or_else(
        || t!(i18n, common.time.never).into_any(),
        |at| view! { <Moment at /> }.into_any(),
    );
    let href = format!("/accounts/{}", account.id);
    let edit = tu_string!(i18n, accounts.edit.one, address = address.clone());
    let delete = tu_string!(i18n, accounts.delete.one, address = address.clone());
    let link = (account.settings.sign_in != SignIn::Nothing).then(|| {
        view! { <MakeFromRow account=account.id address=address.clone() action=link /> }
    });
    let way_out = way_out(&account, &href);
    let id = account.id.to_string();
    let busy = {
        let id = account.id;
        Signal::derive(move || {
            test.input()
                .with(|input| input.as_ref().is_some_and(|input| input.id == id))
        })
    };
    let actions = way_out.unwrap_or_else(|| {
        view! {
            <ActionForm action=test>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="to" value="" />
                <Button press=Press::Submit glyph=Glyph::Send busy>
                    {t!(i18n, accounts.test.short)}
                </Button>
            </ActionForm>
        }
        .into_any()
    });
    let trouble = is_trouble(&receiving).then(|| view! { <ReceivingStatus receiving /> });
    let convert = converts_to.map(|provider| {
        let label = tu_string!(i18n, sign_ins.convert.to, provider = provider);
        view! {
            <LinkButton glyph=Glyph::Convert href=format!("{href}#reauthorization")>
                {label}
            </LinkButton>
        }
    });
    view! {
        <Row urgency=if needs { Urgency::Now } else { Urgency::None }>
            <Cell>
                <div class="who">
                    <Monogram letters=provider.monogram />
                    <div>
                        <b>{address}</b>
                        <div class="sub">
                            {subtitle}
                            {(account.default == IsDefault::Yes)
                                .then(|| view! { " " <span class="chip">{t!(i18n, accounts.default)}</span> })}
                        </div>
                    </div>
                </div>
            </Cell>
            <Cell label=tu_string!(i18n, accounts.column.state)>
                <AccountStatus account held />
                {trouble}
            </Cell>
            <Cell
                label=tu_string!(i18n, accounts.column.last_sent)
                place=Place::Half
                text=CellText::Line
            >
                {last_sent}
            </Cell>
            <Cell label=tu_string!(i18n, accounts.column.rules) place=Place::Half text=CellText::Number>
                {rules}
            </Cell>
            <Cell>
                <div class="row">
                    {convert} {actions} {link}
                    <IconLink
                        glyph=Glyph::Edit
                        label=edit
                        href=href.clone()
                    />
                    <IconLink
                        glyph=Glyph::Trash
                        label=delete
                        href=format!("{href}/delete")
                    />
                </div>
            </Cell>
        </Row>
    }
    .into_any()
}

/// What mends the account, where somebody must or should; else it can be tested.
fn way_out(account: &Account, href: &str) -> Option<AnyView> {
    let i18n = use_i18n();
    let (authorization, settings) = (&account.authorization, &account.settings);
    if authorization.application_fault().is_some() {
        let view = view! {
            <LinkButton glyph=Glyph::Key href=format!("/settings/oauth/{}", settings.provider)>
                {t!(i18n, warnings.application.open)}
            </LinkButton>
        };
        return Some(view.into_any());
    }
    let kind = match authorization {
        Authorization::NeedsReauthorization(_) => Kind::Main,
        Authorization::Expiring { .. } if settings.sign_in == SignIn::Grant => Kind::Default,
        Authorization::NeedsConfiguration(_) => {
            let view = view! {
                <LinkButton href=format!("{href}#sending")>{t!(i18n, accounts.edit.settings)}</LinkButton>
            };
            return Some(view.into_any());
        }
        _ => return None,
    };
    let view = view! {
        <LinkButton kind glyph=Glyph::Key href=format!("{href}#reauthorization")>
            {t!(i18n, accounts.reauthorize.button)}
        </LinkButton>
    };
    Some(view.into_any())
}
