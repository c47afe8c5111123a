//! Buttons that submit without a form to fill in, and bulk actions.
//!
//! What such a button sends must be what a button of the page drawn now would send, and that button must
//! be usable: nobody submits what the page does not offer.

use dinh_runtime::bindings::pages::{Input, Submission};
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Action, Block, Effect, Page, Prominence, SubmitEffect, Table};

/// A button found on the page.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    /// What it submits.
    pub effect: &'a SubmitEffect,
    /// Its text.
    pub text: &'a str,
    /// How much it stands out.
    pub prominence: Prominence,
    /// The table whose selected rows it acts on.
    pub table: Option<&'a Table>,
}

/// The usable button of `page` that submits `form` with these inputs.
pub fn find<'a>(page: &'a Page, form: &str, inputs: &[(String, String)]) -> Option<Offered<'a>> {
    all(page)
        .find(|(action, offered)| {
            action.disabled.is_none()
                && offered.effect.form == form
                && sorted(&offered.effect.inputs) == sorted(inputs)
        })
        .map(|(_, offered)| offered)
}

/// Inputs as they compare: an object of JSON has no order.
fn sorted(inputs: &[(String, String)]) -> Vec<&(String, String)> {
    let mut sorted: Vec<_> = inputs.iter().collect();
    sorted.sort_unstable();
    sorted
}

/// Whether any button of `page` submits `form`, usable or not.
pub fn exists(page: &Page, form: &str) -> bool {
    all(page).any(|(_, offered)| offered.effect.form == form)
}

fn all(page: &Page) -> impl Iterator<Item = (&Action, Offered<'_>)> {
    let blocks = page.sections.iter().flat_map(|section| &section.blocks);
    let within = blocks.flat_map(|block| -> Vec<(&Action, Option<&Table>)> {
        match block {
            Block::Actions(actions) => actions.iter().map(|action| (action, None)).collect(),
            Block::Documents(list) => {
                list.iter().flat_map(|d| &d.actions).map(|action| (action, None)).collect()
            }
            Block::Table(table) => table.bulk_actions.iter().map(|action| (action, Some(table))).collect(),
            _ => Vec::new(),
        }
    });
    page.actions.iter().map(|action| (action, None)).chain(within).filter_map(|(action, table)| match &action
        .effect
    {
        Effect::Submit(effect) => {
            Some((action, Offered { effect, text: &action.text, prominence: action.prominence, table }))
        }
        _ => None,
    })
}

/// What the button sent, as `draw::actions::name` wrote it.
pub fn parse(name: &str) -> Option<(String, Vec<(String, String)>)> {
    serde_json::from_str(name).ok()
}

/// Why the rows that were selected cannot be acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// None was.
    Nothing,
    /// One of them is not on the page any more.
    Gone,
}

/// A submission with nothing in it but the form's name.
fn bare(form: &str) -> Submission {
    Submission {
        form: form.to_owned(),
        button: String::new(),
        inputs: Vec::new(),
        children: Vec::new(),
        cells: Vec::new(),
        selected: Vec::new(),
    }
}

/// The submission of a form that the page does not offer: what was sent stands in it as it was written.
pub fn unoffered(form: &str, inputs: &[(String, String)], selected: Vec<String>) -> Submission {
    let mut read: Vec<Input> = Vec::new();
    for (name, text) in inputs {
        match read.iter_mut().find(|input| input.name == *name) {
            Some(Input { value: Value::Texts(texts), .. }) => texts.push(text.clone()),
            Some(input) => {
                if let Value::Text(first) = &input.value {
                    input.value = Value::Texts(vec![first.clone(), text.clone()]);
                }
            }
            None => read.push(Input { name: name.clone(), value: Value::Text(text.clone()) }),
        }
    }
    Submission { inputs: read, selected, ..bare(form) }
}

/// The submission of a button.
pub fn submission(offered: &Offered<'_>, selected: Vec<String>) -> Result<Submission, Selection> {
    match offered.table {
        Some(_) if selected.is_empty() => return Err(Selection::Nothing),
        Some(table) if selected.iter().any(|key| !table.row_keys.contains(key)) => {
            return Err(Selection::Gone);
        }
        _ => {}
    }
    let selected = if offered.table.is_some() { selected } else { Vec::new() };
    let inputs = offered.effect.inputs.iter();
    let inputs = inputs.map(|(name, text)| Input { name: name.clone(), value: Value::Text(text.clone()) });
    Ok(Submission { inputs: inputs.collect(), selected, ..bare(&offered.effect.form) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;

    fn inputs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn only_what_the_page_offers_can_be_submitted() {
        let page = gallery::page();
        assert!(find(&page, "publish", &inputs(&[("edition", "2021")])).is_some());
        assert!(find(&page, "publish", &inputs(&[("edition", "2022")])).is_none(), "forged input");
        assert!(find(&page, "archive", &inputs(&[])).is_none(), "disabled button");
        assert!(exists(&page, "archive"));
    }

    #[test]
    fn what_a_button_sends_is_read_back() {
        let page = gallery::page();
        let offered = find(&page, "publish", &inputs(&[("edition", "2021")])).unwrap();
        let sent = crate::draw::actions::name(offered.effect);
        assert_eq!(parse(&sent), Some(("publish".to_owned(), inputs(&[("edition", "2021")]))));
        assert_eq!(parse("publish"), None);
    }

    #[test]
    fn bulk_actions_need_rows_that_are_on_the_page() {
        let page = gallery::page();
        let offered = find(&page, "withdraw", &[]).unwrap();
        assert_eq!(submission(&offered, vec![]).unwrap_err(), Selection::Nothing);
        assert_eq!(submission(&offered, vec!["nobody".into()]).unwrap_err(), Selection::Gone);
        assert_eq!(submission(&offered, vec!["r1".into()]).unwrap().selected, ["r1"]);
    }
}
