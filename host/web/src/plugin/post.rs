//! A submission: found on the page as it is drawn now, checked, handed to the plugin.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use dinh_runtime::bindings::pages::Submission;
use dinh_runtime::bindings::views::{Page, ShownVersion};

use super::address::Address;
use super::draw::{Besides, draw};
use super::{import, outcome, resume};
use crate::app::App;
use crate::body;
use crate::draw::confirm::Question;
use crate::draw::{SheetAtHand, purpose};
use crate::files::Taker;
use crate::form::effect::{self, Selection};
use crate::form::find::{self, Submittable};
use crate::form::parse::Parsed;
use crate::form::{self, Filled, Raw, Reader, stale};
use crate::lookup::Lookup;
use crate::pages::sign_in;
use crate::problem::{Kind, Problem};
use crate::visitor::{By, Visitor, Wants};

/// `POST /apps/PLUGIN/…`
pub async fn post(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let Some(account) = visitor.account() else {
        return without_session(&app, &visitor, request).await;
    };
    let address = Address::of(&app, &visitor, request.uri())?;
    enter(&app, &visitor, &address).await?;
    let headers = request.headers().clone();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let in_head = header("x-csrf-token");
    let taker = Taker { app: &app, visitor: &visitor, plugin: &address.plugin, token: in_head.as_deref() };
    let mut raw = body::submission(&app, account, taker, request).await?;
    let token = raw.first("csrf").map(str::to_owned).or(in_head);
    visitor.require_token(&purpose(address.plugin.manifest.id.as_str()), token.as_deref())?;
    if let Some(key) = header("idempotency-key").filter(|key| !key.is_empty() && key.len() <= 200) {
        raw.set("once", key);
    }
    // Whoever can be made to send twice, a browser, has to say which form it is.
    if visitor.by == By::Cookie && raw.first("once").is_none_or(str::is_empty) {
        return Err(Problem::with(Kind::BadRequest, visitor.texts().say("form-incomplete")));
    }
    let once = outcome::name(&visitor, &address, &raw)?;
    let first = || outcome::first(&app, &visitor, &address, once.as_ref());
    if let Some(first) = first()? {
        return Ok(first);
    }
    match attempt(&app, &visitor, &address, raw).await {
        Ok(answer) if !answer.status().is_client_error() => Ok(answer),
        // A double click: while this one was on its way, the first was done, and the page it was sent from is
        // not what it was. It is a repetition all the same.
        refused => first()?.map_or(refused, Ok),
    }
}

/// Whoever may not open the page sends nothing to it: nothing of the body is read, no place is taken for it.
async fn enter(app: &App, visitor: &Visitor, address: &Address) -> Result<(), Problem> {
    let now = app.platform.clock().now();
    if address.plugin.opens(&app.platform.policy(), &visitor.actor(), &address.path, now) {
        return Ok(());
    }
    // The call refuses it too, says why, and leaves evidence of it.
    let refused = app.runtime.render(&address.plugin.manifest.id, address.asked(visitor, None, None)).await;
    refused.map(|_| ()).map_err(|error| Problem::call(error, visitor.language))
}

/// Finds what was submitted on the page as it is drawn now, and does it.
async fn attempt(app: &App, visitor: &Visitor, address: &Address, raw: Raw) -> Result<Response, Problem> {
    let rendered = app.runtime.render(&address.plugin.manifest.id, address.asked(visitor, None, None)).await;
    let page = rendered.map_err(|error| Problem::call(error, visitor.language))?;
    Deed { app, visitor, address, page: &page, sheet: None }.run(raw).await
}

/// The session was over before the form was sent. What was filled in is carried through the sign-in, if the
/// form came from a page of ours and says whose it is.
async fn without_session(app: &App, visitor: &Visitor, request: Request) -> Result<Response, Problem> {
    let urlencoded = body::kind(request.headers()) == "application/x-www-form-urlencoded";
    if visitor.wants != Wants::Html || !visitor.same_origin || !urlencoded || visitor.by == By::Bearer {
        return Err(Kind::SignIn.into());
    }
    let bytes = body::read(request.into_body(), sign_in::RESUME_BYTES, app.options.form_time).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Kind::BadRequest)?;
    resume::whose(app, text).ok_or(Kind::SignIn)?;
    let shown = sign_in::Shown {
        next: Some(&visitor.here),
        why: Some("sign-in-ended"),
        resume: Some(text),
        ..sign_in::Shown::default()
    };
    let mut response = sign_in::page(app, visitor, &shown);
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    Ok(response)
}

/// A submission on its way.
pub struct Deed<'a> {
    pub app: &'a App,
    pub visitor: &'a Visitor,
    pub address: &'a Address,
    /// The page as it is drawn now.
    pub page: &'a Page,
    /// The sheet that the page was drawn with.
    pub sheet: Option<SheetAtHand<'a>>,
}

impl Deed<'_> {
    async fn run(&self, raw: Raw) -> Result<Response, Problem> {
        if let Some(name) = raw.first("do") {
            let (form, inputs) = effect::parse(name).ok_or(Kind::BadRequest)?;
            return self.effect(&form, &inputs, &raw).await;
        }
        let Some(form) = raw.first("form").filter(|form| !form.is_empty()).map(str::to_owned) else {
            return Err(Problem::with(Kind::BadRequest, self.visitor.texts().say("form-incomplete")));
        };
        match find::find(self.page, &form) {
            Some(Submittable::Form(found)) => {
                if let Some(more) = raw.first("more").map(str::to_owned) {
                    return Ok(self
                        .again(Filled { form, raw, more: Some(more), ..Filled::default() }, StatusCode::OK));
                }
                let guard = self.visitor.guard();
                let parsed = self.read(|reader| form::parse::form(reader, found, &raw, guard.as_ref()));
                self.checked(&form, raw, &found.shown, parsed).await
            }
            Some(Submittable::Grid(found)) => {
                let parsed = self.read(|reader| form::grid::grid(reader, found, &raw));
                self.checked(&form, raw, &found.shown, parsed).await
            }
            Some(Submittable::Import(found)) => import::submitted(self, found, raw).await,
            None => {
                let inputs: Vec<_> = raw
                    .pairs()
                    .iter()
                    .filter_map(|(name, text)| Some((name.strip_prefix("f.")?.to_owned(), text.clone())))
                    .collect();
                self.effect(&form, &inputs, &raw).await
            }
        }
    }

    /// Reads what came back, with the words and names that reading needs.
    pub fn read(&self, parse: impl FnOnce(&Reader<'_>) -> Parsed) -> Parsed {
        let lookup = Lookup::new(self.app, self.visitor, Some(self.address.plugin.clone()));
        parse(&Reader {
            texts: self.visitor.texts(),
            formats: self.visitor.formats(),
            directory: &lookup,
            today: lookup.today(),
            most_files: self.app.platform.options().files.files_per_field,
            passes_on: self.address.plugin.is_built_in(),
        })
    }

    /// A form or grid: not stale, and nothing wrong in it.
    async fn checked(
        &self,
        form: &str,
        raw: Raw,
        shown: &[ShownVersion],
        parsed: Parsed,
    ) -> Result<Response, Problem> {
        let stale = stale::is_stale(raw.first("shown"), shown);
        let Parsed { submission, problems, found } = parsed;
        if stale || !problems.is_empty() {
            return self.refused(Filled { form: form.to_owned(), raw, problems, stale, found, more: None });
        }
        self.submit(form, raw, submission).await
    }

    /// Hands a submission to the plugin.
    async fn submit(&self, form: &str, raw: Raw, submission: Submission) -> Result<Response, Problem> {
        let asked = self.address.asked(self.visitor, None, None);
        outcome::submit(self, form, raw, asked, submission).await
    }

    /// What is wrong with a form that came back: the page again, with the form as it was filled in.
    pub fn refused(&self, filled: Filled) -> Result<Response, Problem> {
        let kind = if filled.stale { Kind::Stale } else { Kind::Invalid };
        if self.visitor.wants == Wants::Json {
            return Err(Problem { problems: filled.problems, ..kind.into() });
        }
        Ok(self.again(filled, kind.status()))
    }

    fn again(&self, filled: Filled, status: StatusCode) -> Response {
        let (filled, sheet) = (Some(&filled), self.sheet);
        let besides = Besides { filled, sheet, status: Some(status), ..Besides::default() };
        draw(self.app, self.visitor, self.address, self.page, &besides)
    }

    /// A button that submits without a form to fill in.
    async fn effect(&self, form: &str, inputs: &[(String, String)], raw: &Raw) -> Result<Response, Problem> {
        let Some(offered) = effect::find(self.page, form, inputs) else {
            // The platform's own pages stand for its rules: whoever asks for a deed that the page does not offer
            // them is told why by the service that refuses it, and the evidence has it.
            if self.address.plugin.is_built_in() && (inputs.is_empty() || !raw.has("do")) {
                let selected = raw.all("selected").map(str::to_owned).collect();
                return match self.submit(form, raw.clone(), effect::unoffered(form, inputs, selected)).await {
                    Err(problem) if problem.kind == Kind::NotFound => {
                        Err(Problem::with(Kind::BadRequest, self.visitor.texts().say("form-unknown-button")))
                    }
                    done => done,
                };
            }
            let gone = effect::exists(self.page, form) || raw.has("do");
            return Err(if gone {
                Kind::Stale.into()
            } else {
                Problem::with(Kind::BadRequest, self.visitor.texts().say("form-unknown-button"))
            });
        };
        let selected: Vec<_> = raw.all("selected").map(str::to_owned).collect();
        let submission = match effect::submission(&offered, selected) {
            Ok(submission) => submission,
            Err(Selection::Gone) => return Err(Kind::Stale.into()),
            Err(Selection::Nothing) => {
                let problem = form::Problem { name: None, message: self.visitor.texts().say("select-rows") };
                let form = form.to_owned();
                return self.refused(Filled { form, problems: vec![problem], ..Filled::default() });
            }
        };
        let asks = self.visitor.wants == Wants::Html && !raw.has("confirmed");
        if let Some(text) = offered.effect.confirm.as_deref().filter(|_| asks) {
            let question = Some(Question { text, offered, selected: submission.selected });
            let besides = Besides { question, ..Besides::default() };
            return Ok(draw(self.app, self.visitor, self.address, self.page, &besides));
        }
        self.submit(form, raw.clone(), submission).await
    }
}
