//! What a plugin says stays what it says: a page with a hostile text in every place is, token by token as a browser
//! reads it, the page with a harmless one, but for the text.

use dinh_runtime::bindings::views::{Block, Page};
use dinh_runtime::view;
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::tests::whole_page;
use crate::{gallery, hostile, texts};

/// Stands in each place of the harmless page; nothing of the host's says it.
const MARK: &str = "⌘";

fn page(said: &str) -> Page {
    let mut page = gallery::page();
    texts::each_text(&mut page, &mut |_, text| said.clone_into(text));
    page
}

/// Where charts put what depends on how long their names are.
fn without_charts(mut page: Page) -> Page {
    for section in &mut page.sections {
        section.blocks.retain(|block| !matches!(block, Block::Chart(_)));
    }
    page
}

/// A token in one line; `said` for each mark in it. What is different each time, or encodes what was said, is left out.
fn tokens(html: &str, said: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(MARK, said);
    let mut tokens: Vec<String> = Vec::new();
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => {
                let mut line = format!("<{}", text(&tag.name));
                let named = tag.attributes.get(b"name".as_slice()).map(|name| text(&name.value));
                let changes = matches!(named.as_deref(), Some("once" | "csrf" | "seal" | "was" | "do"));
                for (name, value) in &tag.attributes {
                    let value = match &***name {
                        b"value" if changes => "…".to_owned(),
                        // Short choices stand beside each other.
                        b"class" => text(&value.value).replace(" inline", ""),
                        _ => text(&value.value),
                    };
                    line += &format!(" {}={value:?}", text(name));
                }
                tokens.push(line);
            }
            Token::EndTag(tag) => tokens.push(format!("</{}", text(&tag.name))),
            Token::String(string) => match tokens.last_mut().filter(|last| last.starts_with('“')) {
                Some(last) => *last += &text(&string.value),
                None => tokens.push(format!("“{}", text(&string.value))),
            },
            Token::Comment(_) | Token::Doctype(_) => tokens.push("not of a page's content".to_owned()),
            Token::Error(error) => {
                assert!(error.value.to_string().contains("character"), "{}", error.value);
            }
        }
    }
    tokens
}

#[test]
fn a_hostile_text_in_every_place_is_text_in_every_place() {
    let harmless = whole_page(&without_charts(page(MARK)));
    assert!(harmless.matches(MARK).count() > 200);
    for said in hostile::shown() {
        let page = without_charts(page(said));
        view::check(&page).unwrap_or_else(|problem| panic!("{said:?}: {problem}"));
        let (is, should) = (tokens(&whole_page(&page), ""), tokens(&harmless, said));
        for (is, should) in is.iter().zip(&should) {
            assert_eq!(is, should, "{said:?}");
        }
        assert_eq!(is.len(), should.len(), "{said:?}");
    }
}

#[test]
fn a_chart_with_a_hostile_text_is_made_of_what_charts_are_made_of() {
    let elements = |page: &Page| -> std::collections::BTreeSet<String> {
        let tokens = tokens(&whole_page(page), "");
        let tags = tokens.into_iter().filter(|token| token.starts_with('<'));
        tags.map(|tag| tag.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    let known = elements(&gallery::page());
    for said in hostile::shown() {
        let elements = elements(&page(said));
        assert!(elements.is_subset(&known), "{said:?}: {:?}", elements.difference(&known));
    }
}

#[test]
fn a_text_that_is_not_plain_is_no_part_of_a_page() {
    let refused: Vec<_> =
        hostile::HOSTILE.iter().filter(|said| !hostile::shown().any(|it| it == **said)).collect();
    assert!(refused.len() > 10);
    for said in refused {
        let problem = view::check(&page(said)).unwrap_err();
        let why = &problem.problem;
        assert!(why.contains("control character") || why.contains("empty"), "{said:?}: {problem}");
    }
}

#[test]
fn a_hostile_address_leads_to_a_page_of_ours_or_is_no_part_of_a_page() {
    use dinh_runtime::bindings::views::{Action, Effect, PluginPage, Prominence, Target};
    for said in hostile::HOSTILE {
        for target in [
            Target::Page((*said).to_owned()),
            Target::Page(format!("/{said}")),
            Target::Plugin(PluginPage { plugin: (*said).to_owned(), path: "/".to_owned() }),
            Target::Plugin(PluginPage { plugin: "pci-index".to_owned(), path: (*said).to_owned() }),
            Target::External((*said).to_owned()),
            Target::External(format!("https://{said}")),
        ] {
            let leaves = matches!(target, Target::External(_));
            let mut page = gallery::empty_page("Trang");
            let (text, effect) = ("Đi".to_owned(), Effect::Open(target));
            page.actions = vec![Action { text, prominence: Prominence::Link, effect, disabled: None }];
            if view::check(&page).is_err() {
                continue;
            }
            let tokens = tokens(&whole_page(&page), "");
            let link = tokens.iter().find(|token| token.starts_with("<a ")).unwrap();
            let href = link.split("href=\"").nth(1).unwrap();
            let beginning = if leaves { "https://" } else { "/apps/" };
            assert!(href.starts_with(beginning) && !href.starts_with("/apps//"), "{said:?}: {link}");
            assert!(link.matches('=').count() <= 4 + said.matches('=').count(), "{said:?}: {link}");
        }
    }
}
