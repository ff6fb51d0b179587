//! Which server functions only show something. Whatever is not named here changes something, as far as the gate is
//! concerned: before that, the NAS is asked anew about whoever it vouches for. A name too many does no harm either:
//! who changes something says so by [`super::visit::who`], which insists.

use leptos::server_fn::ServerFn;

use super::{accounts, deleting, frame, import, links, notifications, oauth, overview, rules};
use super::{settings, sign_ins, starting, told, webhook};

/// Their paths.
pub const READS: [&str; 24] = [
    accounts::AccountDetail::PATH,
    accounts::AccountList::PATH,
    deleting::BeforeDeleting::PATH,
    deleting::DeletedAccounts::PATH,
    deleting::OneDeleted::PATH,
    frame::FetchSurroundings::PATH,
    import::ImportDetail::PATH,
    import::ImportList::PATH,
    links::AccountLinks::PATH,
    notifications::ListHistory::PATH,
    notifications::ListQueue::PATH,
    notifications::OneNotification::PATH,
    oauth::ApplicationOf::PATH,
    oauth::Providers::PATH,
    overview::FetchOverview::PATH,
    rules::ListRules::PATH,
    rules::OpenEditor::PATH,
    settings::AllSettings::PATH,
    sign_ins::DeviceSignIn::PATH,
    sign_ins::FetchPastePage::PATH,
    sign_ins::SignInOutcome::PATH,
    starting::StartOf::PATH,
    told::ToldOf::PATH,
    webhook::FetchWebhook::PATH,
];
