//! What a page of the administration works with: the call, what was asked for, and the words of the reader.

use std::str::FromStr;
use std::sync::{Arc, Weak};

use dinh_access::{Difference, Policy};
use dinh_model::{AccountId, Date, Language, Permission, RequestId, RoleId, Target, Timestamp, UnitId, time};
use dinh_runtime::bindings::pages::{Done, Outcome, Refusal, Request, Submission};
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Link, Target as To, Tone};
use dinh_runtime::usage::{BoundField, bound_fields};
use dinh_runtime::{Asked, AskedSheet, Plugin, Refused, Runtime};
use dinh_services::accounts::{
    Directory, OpenSessions, PeopleFilter, SessionCursor, Unit, effect_of, find_role, list_sessions,
};
use dinh_services::sheets::Sheet;
use dinh_services::{Call, Platform, ServiceError};

use super::blocks::{link, notice};
use super::table;

/// What pages and submissions of the administration give, or why they do not.
pub type Given<T> = Result<T, Refused>;

/// What all pages work with.
pub struct House {
    /// The platform.
    pub platform: Arc<Platform>,
    /// The installed plugins that can be called, by name.
    pub plugins: Box<dyn Fn() -> Vec<Arc<Plugin>> + Send + Sync>,
    /// The runtime, which owns the pages; dangling where they are drawn without one.
    pub runtime: Weak<Runtime>,
}

/// One page at work.
pub struct Desk<'a> {
    /// The call it runs in.
    pub call: &'a mut Call,
    request: &'a Request,
    sheet: Option<&'a AskedSheet>,
    house: &'a House,
}

impl<'a> Desk<'a> {
    /// For a request.
    pub fn new(call: &'a mut Call, asked: &'a Asked, house: &'a House) -> Self {
        Self { call, request: &asked.request, sheet: asked.sheet.as_ref(), house }
    }

    /// The sheet that was brought, when one is at hand.
    pub fn sheet(&self) -> Option<&'a Sheet> {
        self.sheet.map(|asked| &*asked.sheet)
    }

    /// The platform.
    pub fn platform(&self) -> &'a Platform {
        &self.house.platform
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.call.language()
    }

    /// Words in the reader's language.
    pub fn say(&self, vi: &str, en: &str) -> String {
        match self.language() {
            Language::Vi => vi.to_owned(),
            Language::En => en.to_owned(),
        }
    }

    /// What the query says of a name; none when it says nothing.
    pub fn query(&self, name: &str) -> Option<&str> {
        let found = self.request.query.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }

    /// The same as something that is written so. What is not is refused, so that no list is taken for
    /// narrower than it is.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Given<Option<T>> {
        match self.query(name).map(str::parse) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(_)) => Err(self.unclear(name)),
        }
    }

    /// A day of the query, as people write it or as programs do.
    pub fn day(&self, name: &str) -> Given<Option<Date>> {
        let Some(text) = self.query(name) else { return Ok(None) };
        crate::format::parse_date(text).map(Some).ok_or_else(|| self.unclear(name))
    }

    /// A person of the query: picked, or the only one whom the words find.
    pub fn person(&mut self, name: &str) -> Given<Option<AccountId>> {
        let words = self.query(&format!("{name}.words")).map(str::to_owned);
        let picked = match self.query(&format!("{name}.pick")) {
            Some(marked) => marked.parse().ok().map(AccountId),
            None => self.parsed(name)?,
        };
        let Some(words) = words else { return Ok(picked) };
        let known = picked.and_then(|id| self.directory().account(id).ok().flatten());
        let fold = dinh_model::text::fold;
        if let Some(known) = known.filter(|known| fold(&known.full_name) == fold(&words)) {
            return Ok(Some(known.id));
        }
        let found = dinh_services::accounts::search_people(self.call, &words, None, 2)?;
        match found.accounts.as_slice() {
            [only] => Ok(Some(only.id)),
            _ => Err(self.refused(
                format!("“{words}”: có nhiều người hoặc không có ai tên như vậy; hãy chọn một người trong danh sách gợi ý."),
                format!("“{words}”: several people or nobody is called so; pick one from the list."),
            )),
        }
    }

    /// What the query says of a name cannot be read.
    pub fn unclear(&self, name: &str) -> Refused {
        self.refused(
            format!("Tham số “{name}” không đúng dạng; hãy xoá hoặc sửa rồi thử lại."),
            format!("The parameter “{name}” is not well formed; remove or correct it."),
        )
    }

    fn refused(&self, vi: String, en: String) -> Refused {
        Refusal::BadRequest(self.say(&vi, &en)).into()
    }

    /// The query that narrows the page, as a query again.
    pub fn query_again(&self) -> String {
        let said =
            self.request.query.iter().filter(|(name, text)| name != "after" && !text.trim().is_empty());
        crate::place::query(said.map(|(name, text)| (name.as_str(), text.as_str())))
    }

    /// Whether the list begins after its first page.
    pub fn started(&self) -> bool {
        self.query("after").is_some()
    }

    /// Whether the page is drawn for an export.
    pub fn exporting(&self) -> bool {
        self.request.export_table.is_some()
    }

    /// How many rows of a table to show.
    pub fn rows(&self) -> usize {
        table::rows(self.exporting())
    }

    /// There is no such thing.
    pub fn missing(&self) -> Refused {
        Refusal::NotFound(self.request.path.clone()).into()
    }

    /// Whether the reader may, for what is ordinary in a unit.
    pub fn may(&self, permission: &Permission, unit: UnitId) -> bool {
        self.call.check(permission, &Target::unit(unit))
    }

    /// Goes on only if the reader may do one of these in a unit. The refusal is about the first.
    pub fn require_one(&mut self, permissions: &[&Permission], unit: UnitId) -> Given<()> {
        if permissions.iter().any(|permission| self.may(permission, unit)) {
            return Ok(());
        }
        match permissions.first() {
            Some(first) => Ok(self.call.require(first, &Target::unit(unit))?),
            None => Err(self.missing()),
        }
    }

    /// Names, which bind nothing.
    pub fn directory(&self) -> Directory<'_> {
        Directory::new(self.call.transaction.snapshot())
    }

    /// The name of a unit.
    pub fn unit_name(&self, id: UnitId) -> String {
        self.directory().unit(id).ok().flatten().map_or_else(|| id.to_string(), |unit: Unit| unit.name)
    }

    /// The name of a person.
    pub fn person_name(&self, id: AccountId) -> String {
        let account = self.directory().account(id).ok().flatten();
        account.map_or_else(|| id.to_string(), |account| account.full_name)
    }

    /// The title of a role.
    pub fn role_title(&self, id: &RoleId) -> String {
        let role = find_role(self.call, id).ok().flatten();
        role.map_or_else(|| id.to_string(), |role| role.title.get(self.language()).to_owned())
    }

    /// What the reader's approval of a request would change.
    pub fn effect_of(&self, request: RequestId) -> Result<Difference, ServiceError> {
        effect_of(&self.house.platform, &self.call.origin, request)
    }

    /// The rights as they are now, or as they were at the end of an earlier day; with the moment to ask them about.
    pub fn policy_on(&self, day: Option<Date>) -> Given<(Arc<Policy>, Timestamp)> {
        let now = (Arc::clone(&self.call.policy), self.call.now());
        let Some(day) = day.filter(|day| *day != self.call.today()) else { return Ok(now) };
        let next = day.tomorrow().ok().and_then(time::start_in_vietnam);
        let end = next.and_then(|next| time::from_microseconds(time::microseconds(next) - 1));
        let Some(end) = end else { return Err(self.unclear("day")) };
        Ok((Arc::new(self.house.platform.policy_at(end)?), end))
    }

    /// The installed plugins that can be called, by name.
    pub fn plugins(&self) -> Vec<Arc<Plugin>> {
        (self.house.plugins)()
    }

    /// The runtime; none while it ends.
    pub fn runtime(&self) -> Option<Arc<Runtime>> {
        self.house.runtime.upgrade()
    }

    /// The fields of installed plugins that are bound to a catalog.
    pub fn bound_fields(&self, catalog: &str) -> Vec<BoundField> {
        bound_fields(&self.plugins(), catalog)
    }

    /// The open sessions of an account, or of all that the reader manages, those of the page asked for.
    pub fn sessions_of(&mut self, account: Option<AccountId>) -> Given<OpenSessions> {
        let after: Option<SessionCursor> = self.parsed("after")?;
        Ok(list_sessions(&self.house.platform, self.call, account, after, self.rows())?)
    }

    /// The way to a page below the overview.
    pub fn way(&self, links: Vec<Link>) -> Vec<Link> {
        let first = link(self.say("Quản trị", "Administration"), "/");
        std::iter::once(first).chain(links).collect()
    }

    /// Done; on to a page, where this is said.
    pub fn done(&self, path: impl Into<String>, vi: &str, en: &str) -> Given<Outcome> {
        self.done_with(path, self.say(vi, en), String::new())
    }

    /// Done when nobody else has to agree; else said to wait for a second person.
    pub fn done_or_asked(
        &self,
        path: impl Into<String>,
        request: Option<RequestId>,
        vi: &str,
        en: &str,
    ) -> Given<Outcome> {
        let Some(request) = request else { return self.done(path, vi, en) };
        let text = match self.language() {
            Language::Vi => {
                format!("Đề nghị số {request} có hiệu lực khi một người khác có thẩm quyền phê duyệt.")
            }
            Language::En => {
                format!("Request {request} takes effect when another person who may approves it.")
            }
        };
        self.done_with(path, self.say("Đã gửi đề nghị", "The request was made"), text)
    }

    /// The same, with what to know besides.
    pub fn done_with(&self, path: impl Into<String>, title: String, text: String) -> Given<Outcome> {
        let notice = Some(notice(Tone::Good, title, text));
        Ok(Outcome::Done(Done { target: To::Page(path.into()), notice }))
    }

    /// The people of a unit, or of all; what is asked of them stands in the query.
    pub fn people_filter(&self) -> Given<PeopleFilter> {
        let state = match self.query("state") {
            None => None,
            Some(word) => Some(super::words::state_of(word).ok_or_else(|| self.unclear("state"))?),
        };
        Ok(PeopleFilter {
            words: self.query("name").unwrap_or_default().to_owned(),
            unit: self.parsed("unit")?,
            state,
        })
    }
}

/// What came back in a form; of one that the page did not offer, as it was written.
pub struct Inputs<'a>(pub &'a Submission);

impl Inputs<'_> {
    /// What was filled in; empty when nothing was.
    pub fn value(&self, name: &str) -> &Value {
        let found = self.0.inputs.iter().find(|input| input.name == name);
        found.map_or(&Value::Empty, |input| &input.value)
    }

    /// A text; empty when nothing was filled in.
    pub fn text(&self, name: &str) -> &str {
        match self.value(name) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// Several choices.
    pub fn texts(&self, name: &str) -> &[String] {
        match self.value(name) {
            Value::Texts(texts) => texts,
            Value::Text(text) => std::slice::from_ref(text),
            _ => &[],
        }
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A unit.
    pub fn unit(&self, name: &str) -> Option<UnitId> {
        match self.value(name) {
            Value::Unit(unit) => Some(UnitId(*unit)),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A person.
    pub fn account(&self, name: &str) -> Option<AccountId> {
        match self.value(name) {
            Value::Account(account) => Some(AccountId(*account)),
            Value::Text(text) => text.parse().ok().map(AccountId),
            _ => None,
        }
    }

    /// A day.
    pub fn day(&self, name: &str) -> Option<Date> {
        match self.value(name) {
            Value::Date(days) => time::from_days(*days),
            Value::Text(text) => crate::format::parse_date(text),
            _ => None,
        }
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        match self.value(name) {
            Value::Boolean(ticked) => *ticked,
            Value::Text(text) => text == "true",
            _ => false,
        }
    }

    /// Something that is written so: what a closed set of choices offered.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Result<T, ServiceError> {
        self.text(name).parse().map_err(|_| {
            ServiceError::invalid(
                format!("“{}” không đúng dạng.", self.text(name)),
                format!("“{}” is not well formed.", self.text(name)),
            )
        })
    }
}
