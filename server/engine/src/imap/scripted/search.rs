//! The scripted server's SEARCH, as far as Tocsin uses it.

/// Whether a mail meets the criteria: `UID a:*`, `SINCE …` (always met), `HEADER name "text"`, `FROM "text"`, `OR`.
pub(super) fn fits(uid: u32, raw: &str, criteria: &str) -> bool {
    let words = words(criteria);
    let mut words = words.iter().map(String::as_str);
    let mut all = true;
    while let Some(word) = words.next() {
        all &= one(uid, raw, word, &mut words);
    }
    all
}

fn one<'a>(uid: u32, raw: &str, word: &str, words: &mut impl Iterator<Item = &'a str>) -> bool {
    match word {
        "OR" => {
            let first = words.next().unwrap().to_owned();
            let first = one(uid, raw, &first, words);
            let second = words.next().unwrap().to_owned();
            one(uid, raw, &second, words) || first
        }
        "UID" => {
            let (low, high) = words.next().unwrap().split_once(':').unwrap();
            uid >= low.parse().unwrap() && (high == "*" || uid <= high.parse().unwrap())
        }
        "SINCE" => words.next().is_some(),
        "FROM" => header(raw, "FROM", words.next().unwrap()),
        "HEADER" => header(raw, words.next().unwrap(), words.next().unwrap()),
        other => panic!("the scripted server does not know the criterion {other}"),
    }
}

fn header(raw: &str, name: &str, text: &str) -> bool {
    let head = raw.split("\r\n\r\n").next().unwrap_or_default();
    let head = head
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ")
        .to_ascii_uppercase();
    let (name, text) = (
        format!("{}:", name.to_ascii_uppercase()),
        text.to_ascii_uppercase(),
    );
    head.lines().any(|line| {
        line.strip_prefix(&name)
            .is_some_and(|value| value.contains(&text))
    })
}

/// Words, quoted ones whole.
fn words(criteria: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in criteria.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
