// The settings of Dovecot 2.3 (Debian 12, Ubuntu 24.04), beside those that all versions know (dovecot.mjs).

const CONFIG = ({ at, certificates, ids }) => `mail_location = maildir:${at.mail}/%u
first_valid_uid = 1
mail_uid = ${ids.uid}
mail_gid = ${ids.gid}
ssl = yes
ssl_cert = <${certificates.server.cert}
ssl_key = <${certificates.server.key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u ${at.dovecot}/users
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${at.dovecot}/oauth2.conf.ext
}
userdb {
  driver = passwd-file
  args = username_format=%u ${at.dovecot}/users
  default_fields = uid=${ids.uid} gid=${ids.gid} home=${at.mail}/%u
}
protocol lmtp {
  mail_plugins = quota
}
protocol imap {
  mail_plugins = quota imap_quota
  mail_max_userip_connections = 100
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=500M
}
`;

const TOKEN_CHECK = (checkUrl) => `introspection_mode = post
introspection_url = ${checkUrl}
username_attribute = email
username_format = %u
active_attribute = active
active_value = true
timeout_msecs = 2000
max_idle_time_msecs = 60000
`;

/** The files to write: name and text. */
export const filesOf2_3 = (given) => ({ 'version.conf': CONFIG(given), 'oauth2.conf.ext': TOKEN_CHECK(given.checkUrl) });

export const quotaField2_3 = (quota) => `userdb_quota_rule=*:storage=${quota}`;
