//! A test plugin that says what strangers would like to say, in every place of a page where it has a say: the tests
//! in a real browser look whether any of it became more than text.

use dinh_sdk::prelude::*;

mod contract {
    //! The types of views, as the shared gallery names them.
    pub use dinh_sdk::bindings::dinh::platform::{types, views};
}

#[path = "../../gallery/src/gallery.rs"]
mod gallery;
mod hostile;
mod texts;

/// The gallery with these texts, one after another and again from the first, wherever it has a text.
fn page<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Page {
    let mut page = gallery::page();
    let mut texts = texts.cycle();
    texts::each_text(&mut page, &mut |_, text| {
        if let Some(next) = texts.next() {
            next.clone_into(text);
        }
    });
    page
}

/// Every text, each somewhere.
fn every(_: &Request) -> Result<Page> {
    Ok(page(hostile::shown()))
}

/// The text of that number, everywhere; none is harmless.
fn one(request: &Request) -> Result<Page> {
    let number: Option<u32> = request.optional("number")?;
    let text = number.map_or(Some("chữ"), |number| hostile::shown().nth(number as usize));
    Ok(page(std::iter::once(text.or_not_found("no such text")?)))
}

/// Says the text of that number in a notice, or as what is wrong.
fn say(_: &Request, submission: &Submission) -> Result<Outcome> {
    let number: usize = submission.get::<i64>("number")?.try_into().unwrap_or_default();
    let text = hostile::shown().nth(number).or_not_found("no such text")?;
    if submission.get::<Option<bool>>("wrong")? == Some(true) {
        let mut problems = Problems::default();
        problems.field("number", text);
        return problems.check().map(|()| Outcome::done("/say"));
    }
    Ok(Outcome::done("/say").saying(text.to_owned()))
}

fn ask(_: &Request) -> Result<Page> {
    let form =
        Form::new("say", "Nói").field(Field::integer("number", "Số")).field(Field::boolean("wrong", "Sai"));
    Ok(Page::new("Nói").block(form))
}

fn routes() -> Router {
    Router::new().page("/", every).page("/one", one).page("/say", ask).form("say", say)
}

dinh_sdk::plugin!(routes);
