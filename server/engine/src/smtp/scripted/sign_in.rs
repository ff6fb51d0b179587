//! A scripted server's side of SMTP AUTH.

use super::conversation::{Connection, Conversation};
use super::record::SignInSeen;
use super::script::Step;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io;

/// What Google says about a token that it does not accept.
const TOKEN_REFUSED: &str = r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#;

impl Conversation {
    pub(super) async fn sign_in(&mut self, connection: &mut Connection, line: &str) -> io::Result<()> {
        let mut words = line.split(' ').skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let prompts: &[&str] = match mechanism.as_str() {
            "PLAIN" | "XOAUTH2" => &["334 "],
            "LOGIN" => &["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"],
            _ => &[],
        };
        let mut answers: Vec<String> = words.map(str::to_owned).collect();
        let mut step = Step::Auth;
        while answers.len() < prompts.len() {
            if self.act(connection, step, prompts[answers.len()]).await? != 334 {
                return Ok(());
            }
            step = Step::Response;
            answers.push(self.line(connection).await?.unwrap_or_default());
        }
        let seen = self.read_sign_in(mechanism, &answers);
        let known = self.shared.script.lock().unwrap().knows(&seen.user, &seen.secret);
        let reply = match (known, seen.mechanism.as_str()) {
            (true, _) => "235 2.7.0 Authentication successful".to_owned(),
            (false, "XOAUTH2") => format!("334 {}", STANDARD.encode(TOKEN_REFUSED)),
            (false, _) => "535 5.7.8 Error: authentication failed".to_owned(),
        };
        self.shared
            .record
            .send_modify(|record| record.sign_ins.push(seen));
        if self.act(connection, step, &reply).await? == 334 {
            self.line(connection).await?;
            let refusal = "535 5.7.8 Username and Password not accepted";
            self.act(connection, Step::Response, refusal).await?;
        }
        Ok(())
    }

    fn read_sign_in(&self, mechanism: String, answers: &[String]) -> SignInSeen {
        let decoded: Vec<String> = answers
            .iter()
            .map(|answer| String::from_utf8(STANDARD.decode(answer).unwrap_or_default()).unwrap_or_default())
            .collect();
        let first = decoded.first().map(String::as_str).unwrap_or_default();
        let (user, secret) = match mechanism.as_str() {
            "PLAIN" => {
                let mut parts = first.split('\0').skip(1);
                (parts.next(), parts.next())
            }
            "XOAUTH2" => {
                let mut parts = first.split('\x01');
                let user = parts.next().and_then(|part| part.strip_prefix("user="));
                (
                    user,
                    parts.next().and_then(|part| part.strip_prefix("auth=Bearer ")),
                )
            }
            _ => (Some(first), decoded.get(1).map(String::as_str)),
        };
        SignInSeen {
            user: user.unwrap_or_default().to_owned(),
            secret: secret.unwrap_or_default().to_owned(),
            mechanism,
            protection: self.protection,
        }
    }
}
