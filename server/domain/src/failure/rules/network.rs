//! What libraries say when no server has spoken: name look-up, sockets, TLS, certificates.
//!
//! The words are those of the C library (`getaddrinfo`, `strerror`), OpenSSL, rustls, Go, Node.js and
//! Python. None of them ever means that a credential is refused.

use super::phrases::{look_up, says_any, table};
use crate::failure::Meaning;
use crate::failure::Stage;
use crate::failure::reply::Reply;

/// The meaning of a library's words; `None` if they are not about the network.
pub(super) fn meaning(reply: &Reply<'_>) -> Option<Meaning> {
    let words = &reply.words;
    if says_any(words, REFUSED) {
        // A program that is not there on this machine will not come up by waiting; a remote server may.
        let here = says_any(words, &["127.0.0.1", "localhost", "::1"]);
        return Some(if here {
            Meaning::NothingListens
        } else {
            Meaning::ConnectionRefused
        });
    }
    look_up(words, CERTIFICATE)
        .or_else(|| look_up(words, NAME))
        .or_else(|| look_up(words, TLS))
        .or_else(|| look_up(words, CLIENT))
        .or_else(|| look_up(words, SOCKET))
        .or_else(|| {
            (reply.stage == Stage::Tls)
                .then(|| look_up(words, ANY_TLS))
                .flatten()
        })
}

const REFUSED: &[&str] = &[
    "econnrefused",
    "connection refused",
    "actively refused",
    "wsaeconnrefused",
];

table! {
    /// X.509: words of OpenSSL's `X509_verify_cert_error_string`, webpki, Go's `x509`.
    CERTIFICATE:
    CertificateNameMismatch =>
        "does not match certificate" | "doesn't match" | "hostname mismatch" | "host name mismatch" |
        "notvalidforname" | "not valid for name" | "ip address mismatch" |
        "certificate is valid for * not" | "certificate is not valid for" |
        "err_tls_cert_altname_invalid" | "cannot validate certificate for" |
        "no alternative certificate subject name matches" | "altnames";
    CertificateExpired =>
        "certificate has expired" | "certificate is expired" | "certificate expired" | "cert_has_expired" |
        "certificate: expired" | "notvalidyet" | "certificate is not yet valid" |
        "has expired or is not yet valid" | "certificate_expired";
    CertificateNotTrusted =>
        "self signed" | "self-signed" | "selfsigned" | "unknownissuer" | "unknown issuer" |
        "unknown authority" | "unknown ca" | "unknownca" | "unable to get local issuer" |
        "unable to get issuer" | "unable to verify the first certificate" |
        "unable_to_verify_leaf_signature" | "depth_zero_self_signed_cert" | "certificate verify failed" |
        "certificate_verify_failed" | "certificate is not trusted" | "certificate validation procedure" |
        "path validation failed" | "caused as unknown" | "cert_authority_invalid";
    CertificateRefused =>
        "invalid peer certificate" | "certificate revoked" | "bad certificate" | "badcertificate" |
        "ee key too small" | "ca md too weak" | "unsupportedcertversion" | "failed to verify certificate";
}

table! {
    NAME:
    NameLookupFailed =>
        "eai_again" | "temporary failure in name resolution" | "try again * name" | "servfail" |
        "server misbehaving" | "esrefused" | "queries timed out" | "dns * time" | "dns error" |
        "lookup * timeout" | "etimeout" | "host not found, try again";
    NameNotFound =>
        "enotfound" | "name or service not known" | "nodename nor servname" | "no such host" | "nxdomain" |
        "name does not resolve" | "no address associated with" | "host not found" | "unknown host" |
        "unknownhost" | "could not resolve host" | "getaddrinfo failed" | "no address found" |
        "name resolution failed" | "failed to lookup address" | "enodata" | "no record found" |
        "no records found";
}

table! {
    TLS:
    EncryptionMismatch =>
        "wrong version number" | "wrong_version_number" | "unknown protocol" | "unsupported protocol" |
        "unsupported_protocol" | "first record does not look like a tls" | "invalidcontenttype" |
        "invalid content type" | "corrupt message" | "packet length too long" | "record overflow" |
        "http request" | "version too low" | "protocol version" | "protocolversion" | "protocol_version" |
        "versions too low" | "no protocols available" | "unexpected message" | "handshake failure" |
        "handshake_failure" | "handshakefailure" | "no shared cipher" | "no cipher" | "dh key too small" |
        "dh_key_too_small" | "unsafe legacy renegotiation" | "legacy sigalg" | "inappropriate fallback" |
        "internal error alert" | "peer is incompatible" | "peerincompatible" | "only supports * insecure" |
        "unrecognized name" | "unrecognised name";
    EncryptionNotOffered =>
        "starttls extension not supported" | "starttls is not supported" | "starttls not supported" |
        "does not support starttls" | "doesn't support starttls" | "starttls * not advertised" |
        "starttls is required but" | "tls not available" | "upgrading connection with starttls" |
        "refusing to continue without * tls";
}

table! {
    /// What a client library finds out by itself before or instead of a server's refusal.
    CLIENT:
    MechanismNotOffered =>
        "auth extension not supported" | "no suitable authentication" | "no compatible authentication" |
        "no supported authentication" | "does not support authentication" | "doesn't support auth" |
        "smtp auth * not supported";
    CredentialMalformed =>
        "missing credentials" | "credentials are missing" | "empty password";
    WrongServer =>
        "invalid greeting" | "bad greeting" | "http/1." | "unexpected greeting" | "not an smtp server" |
        "invalid response";
}

table! {
    SOCKET:
    TimedOut =>
        "timed out" | "timed-out" | "timeout" | "etimedout" | "greeting never received" | "deadline" |
        "os error 110" | "did not properly respond";
    NetworkUnreachable =>
        "ehostunreach" | "enetunreach" | "unreachable" | "no route to host" | "enetdown" |
        "network is down" | "ehostdown" | "host is down" | "eaddrnotavail" |
        "cannot assign requested address";
    ConnectionLost =>
        "econnreset" | "econnaborted" | "epipe" | "broken pipe" | "connection reset" |
        "connection aborted" | "connection closed" | "closed connection" | "connection lost" |
        "lost connection" | "connection * closed" | "closed the connection" | "close_notify" |
        "closenotify" | "disconnected" | "socket hang up" | "socket close" | "unexpected eof" |
        "unexpected_eof" | "eof occurred" | "early eof" | "end of file" | "end of stream" |
        "forcibly closed" | "syscall" | "ssl_error_zero_return" | "server has gone" | "handshake eof";
}

table! {
    /// Whatever else goes wrong at the handshake is a matter of versions and ciphers.
    ANY_TLS:
    EncryptionMismatch =>
        "alert" | "handshake" | "ssl" | "tls";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, FailureClass, classify};

    fn meaning_of(stage: Stage, text: &str) -> Meaning {
        classify(&Failure {
            provider: None,
            stage,
            code: None,
            enhanced: None,
            text,
        })
        .meaning
    }

    #[test]
    fn a_wrong_name_is_a_setting_but_a_silent_resolver_is_not() {
        assert_eq!(
            meaning_of(Stage::Connect, "getaddrinfo ENOTFOUND smtp.example.test"),
            Meaning::NameNotFound
        );
        assert_eq!(
            meaning_of(Stage::Connect, "getaddrinfo EAI_AGAIN smtp.example.test"),
            Meaning::NameLookupFailed
        );
    }

    #[test]
    fn a_refused_connection_is_a_setting_on_this_machine_only() {
        assert_eq!(
            meaning_of(Stage::Connect, "connect ECONNREFUSED 127.0.0.1:25"),
            Meaning::NothingListens
        );
        assert_eq!(
            meaning_of(Stage::Connect, "connect ECONNREFUSED 192.0.2.1:25"),
            Meaning::ConnectionRefused
        );
    }

    #[test]
    fn certificates_are_told_apart() {
        for (text, meaning) in [
            (
                "invalid peer certificate: UnknownIssuer",
                Meaning::CertificateNotTrusted,
            ),
            ("invalid peer certificate: Expired", Meaning::CertificateExpired),
            (
                "invalid peer certificate: NotValidForName",
                Meaning::CertificateNameMismatch,
            ),
            (
                "invalid peer certificate: BadSignature",
                Meaning::CertificateRefused,
            ),
        ] {
            assert_eq!(meaning_of(Stage::Tls, text), meaning, "{text}");
        }
    }

    #[test]
    fn a_plain_port_spoken_to_in_tls_is_a_setting() {
        let text = "error:1408F10B:SSL routines:ssl3_get_record:wrong version number";
        assert_eq!(meaning_of(Stage::Tls, text), Meaning::EncryptionMismatch);
    }

    #[test]
    fn nothing_about_the_network_asks_for_a_new_sign_in() {
        for table in [CERTIFICATE, NAME, TLS, CLIENT, SOCKET, ANY_TLS] {
            for (meaning, _) in table {
                assert_ne!(meaning.class(), FailureClass::Reauthorize, "{meaning:?}");
            }
        }
    }
}
