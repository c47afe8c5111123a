//! Which function draws which page.

use crate::bindings::dinh::platform::views::Page;
use crate::bindings::exports::dinh::platform::pages;
use crate::error::{Error, Result};
use crate::request::Request;
use crate::submission::Submission;

/// Draws a page.
pub type Draw = fn(&Request) -> Result<Page>;

/// Handles what came back from a page.
pub type Handle = fn(&Request, &Submission) -> Result<pages::Outcome>;

struct Route {
    pattern: &'static str,
    draw: Draw,
    forms: Vec<(&'static str, Handle)>,
}

/// The pages of a plugin.
///
/// A pattern is a path whose segments may be named: `/provinces/{code}`. Of patterns that fit, the one with
/// the earliest literal segment wins, so that `/notes/new` is not taken for `/notes/{id}`.
///
/// ```
/// use dinh_sdk::prelude::*;
///
/// fn hello(request: &Request) -> Result<Page> {
///     let name: String = request.parameter("name")?;
///     Ok(Page::new(format!("{} {name}", request.say("Xin chào", "Hello"))))
/// }
///
/// let router = Router::new().page("/hello/{name}", hello);
/// let page = router.render(&Request::test("/hello/Lan", Language::Vi)).unwrap();
/// assert_eq!(page.title, "Xin chào Lan");
/// ```
#[derive(Default)]
pub struct Router {
    routes: Vec<Route>,
}

impl Router {
    /// No pages yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page.
    pub fn page(mut self, pattern: &'static str, draw: Draw) -> Self {
        self.routes.push(Route { pattern, draw, forms: Vec::new() });
        self
    }

    /// What becomes of a form, entry grid, import or submitting button of the page added last.
    pub fn form(mut self, id: &'static str, handle: Handle) -> Self {
        if let Some(route) = self.routes.last_mut() {
            route.forms.push((id, handle));
        }
        self
    }

    /// Draws the page that was asked for.
    pub fn render(&self, request: &Request) -> Result<Page> {
        let (route, request) = self.find(request)?;
        (route.draw)(&request)
    }

    /// Handles a submission to the page that was asked for.
    pub fn submit(&self, request: &Request, submission: &Submission) -> Result<pages::Outcome> {
        let (route, request) = self.find(request)?;
        let handle = route.forms.iter().find(|(id, _)| *id == submission.form());
        match handle {
            Some((_, handle)) => handle(&request, submission),
            None => Err(Error::NotFound(format!("{} {}", request.path(), submission.form()))),
        }
    }

    fn find(&self, request: &Request) -> Result<(&Route, Request)> {
        let found = self
            .routes
            .iter()
            .filter_map(|route| Some((route, fit(route.pattern, request.path())?)))
            .max_by_key(|(_, fit)| fit.literal.clone());
        let (route, fit) = found.ok_or_else(|| Error::NotFound(request.path().to_owned()))?;
        Ok((route, request.with_parameters(fit.parameters)))
    }
}

struct Fit {
    /// Which segments were literal: compares as "the earliest literal segment wins".
    literal: Vec<bool>,
    parameters: Vec<(&'static str, String)>,
}

fn fit(pattern: &'static str, path: &str) -> Option<Fit> {
    let mut fit = Fit { literal: Vec::new(), parameters: Vec::new() };
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let segment = segments.next()?;
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => {
                fit.parameters.push((name, segment.to_owned()));
                fit.literal.push(false);
            }
            None if part == segment => fit.literal.push(true),
            None => return None,
        }
    }
    segments.next().is_none().then_some(fit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn named(request: &Request) -> Result<Page> {
        Ok(Page::new(format!("id {}", request.parameter::<i64>("id")?)))
    }

    fn new(_: &Request) -> Result<Page> {
        Ok(Page::new("new"))
    }

    fn saved(_: &Request, _: &Submission) -> Result<pages::Outcome> {
        Ok(pages::Outcome::done("/"))
    }

    fn router() -> Router {
        Router::new().page("/notes/{id}", named).form("edit", saved).page("/notes/new", new)
    }

    fn title(path: &str) -> Result<String> {
        router().render(&Request::test(path, Language::Vi)).map(|page| page.title)
    }

    #[test]
    fn a_literal_segment_wins_over_a_named_one() {
        assert_eq!(title("/notes/new"), Ok("new".into()));
        assert_eq!(title("/notes/12/"), Ok("id 12".into()));
    }

    #[test]
    fn what_fits_no_pattern_or_does_not_parse_is_not_found() {
        for path in ["/", "/notes", "/notes/1/2", "/notes/x", "/other"] {
            assert!(matches!(title(path), Err(Error::NotFound(_))), "{path}");
        }
    }

    #[test]
    fn a_submission_reaches_the_handler_of_its_form() {
        let request = Request::test("/notes/1", Language::Vi);
        assert!(router().submit(&request, &Submission::test("edit", [])).is_ok());
        assert!(matches!(router().submit(&request, &Submission::test("other", [])), Err(Error::NotFound(_))));
    }
}
