//! Answers of QTS: one flat element, its texts plain or in CDATA, in any order, with whatever else in between.
//!
//! Lenient about what is there, strict about where: a name inside of a text is no element, whoever chose that text.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use std::collections::HashMap;

/// What all answers are wrapped in.
const ROOT: &str = "QDocRoot";

/// The texts directly below the root, by their names; none where it is no such answer, or one that contradicts itself.
pub(super) fn texts(xml: &str) -> Option<HashMap<String, String>> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}').trim_start());
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut texts = HashMap::new();
    let mut put = |name: &str, text: &str| match texts.insert(name.to_owned(), text.trim().to_owned()) {
        Some(before) if before != text.trim() => None,
        _ => Some(()),
    };
    let mut is_root = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                is_root |= open.is_empty() && name == ROOT;
                open.push(name);
                text.clear();
            }
            Event::End(_) => {
                let name = open.pop()?;
                if open.as_slice() == [ROOT] {
                    put(&name, &text)?;
                }
                text.clear();
            }
            Event::Empty(empty) if open.as_slice() == [ROOT] => put(empty.name().as_ref(), "")?,
            Event::Text(part) => text.push_str(&part.into_inner()),
            Event::CData(part) => text.push_str(&part.into_inner()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(character) => text.push(character),
                None => text.push_str(resolve_predefined_entity(&reference.into_inner())?),
            },
            Event::Eof => return (is_root && open.is_empty()).then_some(texts),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn texts_are_read_plain_or_in_cdata_with_anything_around() {
        let texts = texts(
            "\u{feff}\n<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<QDocRoot version=\"1.0\">\n  <!-- x -->\
             <authPassed><![CDATA[1]]></authPassed><user> j&#252;rgen &amp; co </user><empty/>\
             <isAdmin>\n<![CDATA[1]]>\n</isAdmin></QDocRoot>\n",
        )
        .unwrap();
        assert_eq!(texts["authPassed"], "1");
        assert_eq!(texts["user"], "jürgen & co");
        assert_eq!((texts["isAdmin"].as_str(), texts["empty"].as_str()), ("1", ""));
    }

    #[test]
    fn an_element_inside_of_a_text_is_none() {
        let texts = texts(
            "<QDocRoot><user><![CDATA[x<isAdmin>1</isAdmin>]]></user><func><isAdmin>1</isAdmin></func>\
             <isAdmin>0</isAdmin></QDocRoot>",
        );
        assert_eq!(texts.unwrap()["isAdmin"], "0");
    }

    #[test]
    fn what_is_no_whole_answer_or_contradicts_itself_is_none() {
        for text in [
            "",
            "<html><body><isAdmin>1</isAdmin></body></html>",
            "<QDocRoot><isAdmin>1</isAdmin>",
            "<QDocRoot><isAdmin>1</user></QDocRoot>",
            "<QDocRoot><isAdmin>0</isAdmin><isAdmin>1</isAdmin></QDocRoot>",
            "<QDocRoot><user>&evil;</user></QDocRoot>",
            "<x><QDocRoot><isAdmin>1</isAdmin></QDocRoot></x>",
        ] {
            assert_eq!(texts(text), None, "{text}");
        }
    }
}
