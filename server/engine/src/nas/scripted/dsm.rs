//! `entry.cgi`: `SYNO.API.Auth` and `SYNO.Core.Desktop.Initdata`. Errors, too, have HTTP status 200.

use super::http::Request;
use super::{Flag, State, User};
use serde_json::{Value, json};

pub(super) fn answer(state: &mut State, request: &Request) -> String {
    let sid = request.header("cookie").trim_start_matches("id=").to_owned();
    let answer = match (request.field("api"), request.field("method")) {
        ("SYNO.API.Auth", "login") => sign_in(state, request),
        ("SYNO.API.Auth", "logout") => {
            state.sessions.remove(&sid);
            json!({ "success": true })
        }
        ("SYNO.API.Auth", "token") if state.sessions.contains_key(&sid) => {
            json!({ "data": { "synotoken": token(&sid) }, "success": true })
        }
        ("SYNO.Core.Desktop.Initdata", "get") => desktop(state, request, &sid),
        _ => error(119),
    };
    answer.to_string()
}

fn sign_in(state: &mut State, request: &Request) -> Value {
    let user = request.field("account").to_owned();
    match state.users.get(&user).cloned() {
        Some(User {
            refusal: Some(code), ..
        }) => error(code),
        Some(known) if known.password == request.field("passwd") => {
            match (known.code, request.field("otp_code")) {
                (Some(_), "") => error(403),
                (Some(code), typed) if code != typed => error(404),
                _ => {
                    let sid = state.open(&user);
                    let data =
                        json!({ "did": "d", "is_portal_port": false, "sid": sid, "synotoken": token(&sid) });
                    json!({ "data": data, "success": true })
                }
            }
        }
        _ => error(400),
    }
}

fn desktop(state: &State, request: &Request, sid: &str) -> Value {
    let Some(user) = state.sessions.get(sid) else {
        return error(119);
    };
    if state.needs_token && request.header("x-syno-token") != token(sid) {
        return error(119);
    }
    let mut session = json!({ "user": user, "lang": "enu" });
    match state.flag(user) {
        Flag::Yes => session["is_admin"] = json!(true),
        Flag::No => session["is_admin"] = json!(false),
        Flag::Absent => {}
    }
    json!({ "data": { "Session": session, "Strings": {} }, "success": true })
}

fn token(sid: &str) -> String {
    format!("token-of-{sid}")
}

fn error(code: i64) -> Value {
    json!({ "error": { "code": code, "errors": { "types": [] } }, "success": false })
}
