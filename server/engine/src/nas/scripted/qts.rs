//! `authLogin.cgi` and `authLogout.cgi`.

use super::http::Request;
use super::{Flag, State, User};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) fn answer(state: &mut State, request: &Request) -> String {
    let sid = request.field("sid").to_owned();
    if request.path() == "/cgi-bin/authLogout.cgi" {
        state.sessions.remove(&sid);
        return refused(0, "");
    }
    if let Some(user) = state.sessions.get(&sid).cloned() {
        return passed(state, &user, &sid);
    }
    let user = request.field("user").to_owned();
    if !request.field("qtoken").is_empty() {
        return if request.field("qtoken") == format!("token-of-{user}") {
            passed(state, &user, "fresh")
        } else {
            refused(-1, "")
        };
    }
    let password = STANDARD.decode(request.field("pwd")).unwrap_or_default();
    match state.users.get(&user).cloned() {
        Some(User {
            refusal: Some(error), ..
        }) => refused(error, ""),
        Some(known) if known.password.as_bytes() == password => {
            // Whoever comes from this machine is asked for the second step only if it insists.
            let is_asked = request.field("force_to_check_2sv") == "1";
            match known.code {
                Some(code) if is_asked && request.field("security_code") != code => {
                    refused(-1, "<need_2sv><![CDATA[1]]></need_2sv>")
                }
                _ => {
                    let sid = state.open(&user);
                    passed(state, &user, &sid)
                }
            }
        }
        _ => refused(-1, ""),
    }
}

fn passed(state: &State, user: &str, sid: &str) -> String {
    let flag = match state.flag(user) {
        Flag::Yes => "<isAdmin><![CDATA[1]]></isAdmin>",
        Flag::No => "<isAdmin><![CDATA[0]]></isAdmin>",
        Flag::Absent => "",
    };
    document(&format!(
        "<authPassed><![CDATA[1]]></authPassed>\n<authSid><![CDATA[{sid}]]></authSid>\n{flag}\n\
         <username><![CDATA[{user}]]></username>\n<userid><![CDATA[1000]]></userid>\n\
         <groupname><![CDATA[everyone]]></groupname>\n<userType><![CDATA[local]]></userType>\n\
         <errorValue><![CDATA[0]]></errorValue>"
    ))
}

fn refused(error: i64, more: &str) -> String {
    document(&format!(
        "<authPassed><![CDATA[0]]></authPassed>\n<errorValue><![CDATA[{error}]]></errorValue>\n{more}"
    ))
}

fn document(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<QDocRoot version=\"1.0\">\n<doQuick><![CDATA[]]></doQuick>\n{inner}\n\
         <webAccessPort><![CDATA[8080]]></webAccessPort>\n<stunnelEnabled><![CDATA[1]]></stunnelEnabled>\n</QDocRoot>\n"
    )
}
