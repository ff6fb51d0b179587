// The settings of Dovecot 2.4 (Debian 13), beside those that all versions know (dovecot.mjs). Source: doc.dovecot.org,
// "Upgrading Dovecot CE from 2.3 to 2.4": one-letter variables and `args` are gone, tokens need no passdb.

const CONFIG = ({ at, certificates, ids, checkUrl }) => `mail_driver = maildir
mail_home = ${at.mail}/%{user}
mail_path = ${at.mail}/%{user}
first_valid_uid = 1
mail_uid = ${ids.uid}
mail_gid = ${ids.gid}
ssl = yes
ssl_server_cert_file = ${certificates.server.cert}
ssl_server_key_file = ${certificates.server.key}
ssl_min_protocol = TLSv1.2
auth_allow_cleartext = no
auth_mechanisms = plain login xoauth2 oauthbearer
oauth2 {
  introspection_mode = post
  introspection_url = ${checkUrl}
  username_attribute = email
  active_attribute = active
  active_value = true
  http_client_request_absolute_timeout = 2s
}
passdb passwd-file {
  default_password_scheme = PLAIN
  passwd_file_path = ${at.dovecot}/users
}
userdb passwd-file {
  passwd_file_path = ${at.dovecot}/users
  fields {
    uid:default = ${ids.uid}
    gid:default = ${ids.gid}
    home:default = ${at.mail}/%{user}
  }
}
mail_plugins {
  quota = yes
}
protocol imap {
  mail_max_userip_connections = 100
  mail_plugins {
    imap_quota = yes
  }
}
quota "User quota" {
  driver = maildir
}
quota_storage_size = 500M
`;

/** The files to write: name and text. */
export const filesOf2_4 = (given) => ({ 'version.conf': CONFIG(given) });

export const quotaField2_4 = (quota) => `userdb_quota_storage_size=${quota}`;
