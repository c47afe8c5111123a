//! From the component's exports to the router.

use crate::bindings::dinh::platform::views::Page;
use crate::bindings::exports::dinh::platform::pages;
use crate::{Outcome, Request, Router, Submission};

/// Draws a page.
pub fn render(router: &Router, request: pages::Request) -> Result<Page, pages::Refusal> {
    report_panics();
    let language = request.language;
    let mut page =
        router.render(&Request::new(request, Vec::new())).map_err(|error| error.into_refusal(language))?;
    crate::view::complete(&mut page, language);
    Ok(page)
}

/// Handles a submission.
pub fn submit(
    router: &Router,
    request: pages::Request,
    submission: pages::Submission,
) -> Result<Outcome, pages::Refusal> {
    report_panics();
    let language = request.language;
    router
        .submit(&Request::new(request, Vec::new()), &Submission::new(submission))
        .or_else(|error| error.into_outcome(language))
}

/// A panic ends the call; what it said goes to the log, which is all a vendor sees of it.
pub(crate) fn report_panics() {
    #[cfg(target_arch = "wasm32")]
    std::panic::set_hook(Box::new(|panic| crate::log::error(&panic.to_string())));
}
