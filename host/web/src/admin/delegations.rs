//! Delegations (uỷ quyền): what one lends and borrows, lent and ended. To act on another's behalf is chosen at
//! one's own account (`/account/acting`), where the session is.

use dinh_access::Grantee;
use dinh_model::{AccountId, Actor, DelegationId, Language, Localized, Timestamp};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{ChoiceStyle, Choices, FieldKind, Format, Page, Section, Tone};
use dinh_services::accounts::{
    NewDelegation, StoredDelegation, deciders, delegations_of, end_delegation, get_delegation, grants_of,
    lend,
};

use super::blocks::{
    badge, fact, facts, folded_form, leading, link, moment, note, page as blank, section, text,
};
use super::desk::{Desk, Given, Inputs};
use super::fields::{Described, date, day, field, form, option, reason};
use super::table::Rows;
use super::{grants, words};

/// People who could consent that are named.
const CONSENTING: usize = 6;

/// `/delegations`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let me = desk.call.account().ok_or_else(|| desk.missing())?;
    let (lent, borrowed): (Vec<_>, Vec<_>) =
        delegations_of(desk.call, me)?.into_iter().rev().partition(|one| one.lender == me);
    let nothing_yet = lent.is_empty();
    let mut page = blank(desk.say("Uỷ quyền", "Delegations"));
    page.subtitle = Some(desk.say(
        "Cho người khác tạm dùng một phần quyền của bạn, khi người có thẩm quyền đồng ý. Muốn làm thay người đã uỷ quyền cho bạn, mở Tài khoản của tôi › Làm thay.",
        "Part of your rights, lent for a time, with the head's consent. To act for whoever lent you theirs, open My account › Acting for others.",
    ));
    let mine = table(desk, "lent", &lent, desk.say("Bạn chưa uỷ quyền cho ai.", "You lend nothing."));
    let mine = mine.within().block();
    let theirs = table(
        desk,
        "borrowed",
        &borrowed,
        desk.say("Không ai uỷ quyền cho bạn.", "Nobody lends you anything."),
    );
    let theirs = theirs.within().block();
    page.sections.push(section(
        "lent-by-me",
        desk.say("Tôi uỷ quyền cho người khác", "What I lend"),
        vec![mine],
    ));
    page.sections.push(section(
        "lent-to-me",
        desk.say("Người khác uỷ quyền cho tôi", "What I borrow"),
        vec![theirs],
    ));
    // Whoever comes for the first time comes to lend.
    let lend = lending(desk, me)?;
    match nothing_yet {
        true => page.sections.insert(0, Section { collapsed: false, ..lend }),
        false => page.sections.push(lend),
    }
    Ok(page)
}

/// What an account lends and borrows, as a table.
pub fn table<'r>(
    desk: &Desk<'_>,
    id: &str,
    delegations: &'r [StoredDelegation],
    empty: String,
) -> Rows<'r, StoredDelegation> {
    let (now, language) = (desk.call.now(), desk.language());
    Rows::new(id, delegations, empty)
        .text("lender", desk.say("Người uỷ quyền", "Lent by"), |one| desk.person_name(one.lender))
        .target(|one| Some(format!("/delegations/{}", one.id)))
        .text("borrower", desk.say("Người được uỷ quyền", "Lent to"), |one| {
            desk.person_name(one.borrower)
        })
        .text("what", desk.say("Quyền", "What"), |one| {
            one.grants.iter().map(|id| grants::in_words(desk, *id)).collect::<Vec<_>>().join("; ")
        })
        .badge("state", desk.say("Hiệu lực", "Standing"), |one| standing(one, now, language))
        .day("from", desk.say("Từ ngày", "From"), |one| words::first_day(&one.term))
        .day("until", desk.say("Đến hết ngày", "Through"), |one| words::last_day(&one.term))
        .number("number", desk.say("Số", "Number"), Format::Code, |one| u64::from(one.id.0))
        .cancelled(|one| one.ended.is_some())
}

fn standing(one: &StoredDelegation, now: Timestamp, language: Language) -> (String, Tone) {
    let (vi, en, tone) = match () {
        () if one.ended.is_some() => ("Đã chấm dứt", "Ended", Tone::Neutral),
        () if one.term.until.is_some_and(|until| until <= now) => ("Hết hạn", "Over", Tone::Neutral),
        () if now < one.term.from => ("Chưa đến hạn", "Not begun", Tone::Info),
        () => ("Có hiệu lực", "In force", Tone::Good),
    };
    (Localized::new(vi, en).get(language).to_owned(), tone)
}

/// The form that lends: for oneself only, so not while acting for somebody else.
fn lending(desk: &mut Desk<'_>, me: AccountId) -> Given<Section> {
    let title = desk.say("Uỷ quyền cho người khác", "Lend rights");
    if matches!(desk.call.actor(), Actor::Person { on_behalf_of: Some(_), .. }) {
        let words = desk.say(
            "Bạn đang làm thay người khác. Hãy thôi làm thay rồi uỷ quyền bằng quyền của chính mình.",
            "You are acting for somebody else. Stop, then lend what is your own.",
        );
        return Ok(section("lend-some", title, vec![note(words)]));
    }
    let choices: Vec<_> = grants_of(desk.call, me)?
        .iter()
        .map(|grant| option(grant.id.to_string(), grants::in_words(desk, grant.id)))
        .collect();
    if choices.is_empty() {
        let words = desk.say("Bạn không có quyền nào để uỷ.", "You have no right to lend.");
        return Ok(section("lend-some", title, vec![note(words)]));
    }
    let choices = Choices { choices, style: ChoiceStyle::Automatic };
    let lend = form(
        "lend",
        desk.say("Đề nghị uỷ quyền", "Ask for consent"),
        vec![
            field("grants", desk.say("Quyền được uỷ", "What is lent"), FieldKind::ChoiceList(choices))
                .required(),
            field("borrower", desk.say("Người được uỷ quyền", "Lent to"), FieldKind::Account).required(),
            date("from", desk.say("Từ ngày", "From")).required().value(day(desk.call.today())),
            date("until", desk.say("Đến hết ngày", "Through")).required(),
            reason(desk.say("Lý do, căn cứ", "Reason and basis")),
        ],
    );
    Ok(folded_form("lend-some", title, lend))
}

/// What comes back from it.
pub fn lend_some(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    if inputs.0.form != "lend" {
        return Err(desk.missing());
    }
    let grants = inputs.texts("grants").iter().map(|id| id.parse()).collect::<Result<_, _>>();
    let new = NewDelegation {
        borrower: inputs.account("borrower").ok_or_else(|| desk.missing())?,
        grants: grants.map_err(|_| desk.missing())?,
        term: words::term(inputs.day("from"), inputs.day("until"), desk.call.now())?,
        reason: inputs.text("reason").to_owned(),
    };
    let made = lend(desk.call, new)?;
    let Some(request) = made.request else {
        return desk.done("/delegations", "Đã uỷ quyền", "The rights were lent");
    };
    let who: Vec<_> = deciders(desk.call, request)?.into_iter().take(CONSENTING).collect();
    let who: Vec<_> = who.into_iter().map(|account| desk.person_name(account)).collect();
    let text = match who.is_empty() {
        true => desk.say(
            "Hiện không ai có thẩm quyền đồng ý: hãy liên hệ chủ sở hữu máy chủ.",
            "Nobody can consent now; turn to the owner of the server.",
        ),
        false => format!(
            "{} {}: {}.",
            desk.say(
                "Có hiệu lực khi một trong những người này đồng ý đề nghị số",
                "In force when one of these consents to request"
            ),
            request,
            who.join(", ")
        ),
    };
    desk.done_with("/delegations", desk.say("Đã gửi đề nghị uỷ quyền", "Consent was asked for"), text)
}

/// `/delegations/ID`
pub fn one(desk: &mut Desk<'_>, id: DelegationId) -> Given<Page> {
    let found = get_delegation(desk.call, id)?;
    let name = |account| desk.person_name(account);
    let mut page = blank(format!("{} → {}", name(found.lender), name(found.borrower)));
    page.subtitle = Some(format!("{} {id}", desk.say("Uỷ quyền số", "Delegation")));
    page.breadcrumbs = vec![link(desk.say("Uỷ quyền", "Delegations"), "/delegations")];
    let (state, tone) = standing(&found, desk.call.now(), desk.language());
    let who = |label, account: AccountId| {
        leading(label, text(name(account)), grants::grantee(desk, Grantee::Account(account)).1)
    };
    let mut list = vec![
        badge(desk.say("Hiệu lực", "Standing"), state, tone),
        who(desk.say("Người uỷ quyền", "Lent by"), found.lender),
        who(desk.say("Người được uỷ quyền", "Lent to"), found.borrower),
    ];
    let lent: Vec<_> = found.grants.iter().map(|id| grants::in_words(desk, *id)).collect();
    list.push(fact(desk.say("Quyền được uỷ", "What is lent"), text(lent.join("; "))));
    if let Some(first) = words::first_day(&found.term) {
        list.push(fact(desk.say("Từ ngày", "From"), day(first)));
    }
    if let Some(last) = words::last_day(&found.term) {
        list.push(fact(desk.say("Đến hết ngày", "Through"), day(last)));
    }
    list.push(fact(desk.say("Lý do, căn cứ", "Reason and basis"), text(&found.reason)));
    let by = found.consented_by.map_or_else(|| desk.say("Người vận hành hệ thống", "The operator"), name);
    list.push(fact(desk.say("Người đồng ý", "Consented by"), text(by)));
    list.push(fact(desk.say("Đồng ý lúc", "Consented"), moment(found.consented)));
    if let Some(ended) = &found.ended {
        list.push(fact(desk.say("Chấm dứt lúc", "Ended"), moment(ended.at)));
        list.push(fact(desk.say("Lý do chấm dứt", "Why it ended"), text(&ended.reason)));
    }
    page.sections.push(section("facts", desk.say("Thông tin", "Details"), vec![facts(list)]));
    if found.ended.is_none() && found.term.until.is_none_or(|until| desk.call.now() < until) {
        let why = reason(desk.say("Lý do chấm dứt", "Why it ends"));
        let end = form("end", desk.say("Chấm dứt uỷ quyền", "End the delegation"), vec![why]);
        let title = desk.say("Chấm dứt trước hạn", "End before its time");
        page.sections.push(folded_form("end-it", title, end));
    }
    Ok(page)
}

/// What comes back from it.
pub fn end(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: DelegationId) -> Given<Outcome> {
    if inputs.0.form != "end" {
        return Err(desk.missing());
    }
    end_delegation(desk.call, id, inputs.text("reason"))?;
    desk.done(format!("/delegations/{id}"), "Đã chấm dứt uỷ quyền", "The delegation ended")
}
