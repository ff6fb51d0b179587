//! Which language the reader wants: what the browser says, unless another one was chosen.

use super::texts::Locale;

/// What each language calls itself, for the chooser, in the order of the alphabet.
pub(super) const NAMES: [(Locale, &str); 9] = [
    (Locale::de, "Deutsch"),
    (Locale::en, "English"),
    (Locale::es, "Español"),
    (Locale::fr, "Français"),
    (Locale::it, "Italiano"),
    (Locale::nl, "Nederlands"),
    (Locale::pt, "Português"),
    (Locale::ja, "日本語"),
    (Locale::zh_Hans, "简体中文"),
];

/// The language tag (RFC 5646), for `lang` and for the chooser's links.
pub(super) fn tag(locale: Locale) -> &'static str {
    leptos_i18n::Locale::as_str(locale)
}

/// The language of a tag that the chooser wrote.
pub fn named(tag: &str) -> Option<Locale> {
    tag.parse().ok()
}

/// The language that an `Accept-Language` header (RFC 9110 section 12.5.4) wants most; English if none fits.
/// Only the language counts, not the country: who reads Austrian German reads German.
pub fn accepted(header: &str) -> Locale {
    let mut wanted: Vec<(f32, Locale)> = header.split(',').filter_map(wanted).collect();
    // Stable: of equal ones the first stays first.
    wanted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wanted.first().map_or(Locale::en, |(_, locale)| *locale)
}

fn wanted(range: &str) -> Option<(f32, Locale)> {
    let mut parts = range.split(';').map(str::trim);
    let primary = parts.next()?.split('-').next()?.to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q="));
    let quality: f32 = quality.map_or(Some(1.0), |quality| quality.parse().ok())?;
    let of_primary = |(locale, _): &&(Locale, &str)| tag(*locale).split('-').next() == Some(&primary);
    let (locale, _) = NAMES.iter().find(of_primary)?;
    (quality > 0.0).then_some((quality, *locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_wanted_most_is_taken() {
        for (header, locale) in [
            ("de-AT,de;q=0.9,en;q=0.8", Locale::de),
            ("sv, fr;q=0.4, it;q=0.7", Locale::it),
            ("zh-CN,zh;q=0.9", Locale::zh_Hans),
            ("pt-BR", Locale::pt),
            ("EN-us", Locale::en),
        ] {
            assert_eq!(accepted(header), locale, "{header}");
        }
    }

    #[test]
    fn what_is_not_there_refused_or_nonsense_gives_english() {
        for header in ["", "sv", "de;q=0", "de;q=x", "*", ";;,,;q=1", "../../etc/passwd"] {
            assert_eq!(accepted(header), Locale::en, "{header}");
        }
    }

    #[test]
    fn only_languages_of_the_page_are_named() {
        assert_eq!(named("zh-Hans"), Some(Locale::zh_Hans));
        assert_eq!(named("xx"), None);
    }
}
