//! Requests in the words of whoever reads them: what is asked, for whom, how it stands.

use dinh_access::Grantee;
use dinh_model::{Language, Localized, Timestamp};
use dinh_runtime::bindings::views::{Fact, Format, Tone};
use dinh_services::accounts::{Asked, AskedGrant, Decision, Request, RequestState, Signature, kept_by};

use super::blocks::{badge, fact, leading, moment, text};
use super::desk::Desk;
use super::table::Rows;
use super::{fields, grants, links, words};
use crate::format::Formats;

/// A request with the names that its row shows.
pub struct Named {
    request: Request,
    whom: String,
    what: String,
    by: String,
}

/// Requests with their names.
pub fn named(desk: &Desk<'_>, requests: Vec<Request>) -> Vec<Named> {
    let name = |request: Request| Named {
        whom: whom(desk, &request.asked),
        what: what(desk, &request.asked),
        by: signature(desk, Some(request.by)),
        request,
    };
    requests.into_iter().map(name).collect()
}

/// Requests as a table: what is asked, for whom, by whom, how it stands.
pub fn table<'r>(desk: &Desk<'_>, id: &str, requests: &'r [Named], empty: String) -> Rows<'r, Named> {
    let (now, language) = (desk.call.now(), desk.language());
    Rows::new(id, requests, empty)
        .text("kind", desk.say("Đề nghị", "Request"), |row| kind(&row.request.asked, language))
        .target(|row| Some(format!("/requests/{}", row.request.id)))
        .text("for", desk.say("Cho", "For"), |row| row.whom.clone())
        .maybe("what", desk.say("Nội dung", "What"), |row| {
            Some(row.what.clone()).filter(|what| !what.is_empty())
        })
        .text("by", desk.say("Người đề nghị", "Asked by"), |row| row.by.clone())
        .moment("at", desk.say("Lập lúc", "Made"), |row| row.request.at)
        .badge("state", desk.say("Tình trạng", "State"), |row| standing(&row.request, now, language))
        .moment("lapses", desk.say("Hết hạn xem xét", "Lapses"), |row| row.request.lapses())
        .number("number", desk.say("Số", "Number"), Format::Code, |row| u64::from(row.request.id.0))
}

/// What kind of request it is.
pub fn kind(asked: &Asked, language: Language) -> String {
    let (vi, en) = match asked {
        Asked::Account(_) => ("Mở tài khoản mới", "New account"),
        Asked::Accounts { .. } => ("Mở nhiều tài khoản mới từ tệp", "New accounts from a file"),
        Asked::Clearance { .. } => ("Nâng độ mật được tiếp cận", "Higher clearance"),
        Asked::Transfer { .. } => ("Chuyển đơn vị", "Transfer"),
        Asked::Grant(_) => ("Cấp quyền", "Grant"),
        Asked::Holding { .. } => ("Giao chức vụ", "Position"),
        Asked::Head { replaces: None, .. } => ("Chỉ định quản trị tối cao", "Head administrator"),
        Asked::Head { .. } => ("Bàn giao quản trị tối cao", "Hand-over of the head administrator"),
        Asked::Delegation { .. } => ("Uỷ quyền", "Delegation"),
        Asked::Move { .. } => ("Chuyển đơn vị sang cấp trên khác", "Move of a unit"),
        Asked::Root { .. } => ("Lập đơn vị gốc", "New root unit"),
        Asked::Entries(_) => ("Sửa danh mục dùng chung", "Catalog entries"),
    };
    Localized::new(vi, en).get(language).to_owned()
}

/// Whom it is for, by name.
pub fn whom(desk: &Desk<'_>, asked: &Asked) -> String {
    match asked {
        Asked::Grant(grant) => grants::grantee(desk, grant.to).0,
        Asked::Accounts { count, .. } => {
            let count = Formats::of(desk.language()).integer(i64::from(*count));
            format!("{count} {}", desk.say("người", "people"))
        }
        Asked::Account(account)
        | Asked::Clearance { account, .. }
        | Asked::Transfer { account, .. }
        | Asked::Holding { account, .. }
        | Asked::Head { account, .. }
        | Asked::Delegation { borrower: account, .. } => desk.person_name(*account),
        Asked::Move { unit, .. } => desk.unit_name(*unit),
        Asked::Root { name, .. } => name.clone(),
        Asked::Entries(asked) => {
            let found = dinh_services::catalog::open(desk.call, &asked.catalog);
            let title = found.map(|it| it.catalog().definition.title.get(desk.language()).to_owned());
            title.unwrap_or_else(|_| asked.catalog.clone())
        }
    }
}

/// What is asked for, in one line; empty where the kind says it all.
pub fn what(desk: &Desk<'_>, asked: &Asked) -> String {
    let language = desk.language();
    match asked {
        Asked::Account(account) => {
            let found = desk.directory().account(*account).ok().flatten();
            found.map(|found| desk.unit_name(found.unit)).unwrap_or_default()
        }
        Asked::Accounts { places, .. } => {
            let mut names: Vec<_> = places.iter().take(3).map(|(unit, _)| desk.unit_name(*unit)).collect();
            names.extend((places.len() > names.len()).then(|| "…".to_owned()));
            names.join("; ")
        }
        Asked::Clearance { clearance, .. } => clearance.name(language).to_owned(),
        Asked::Transfer { from, to, .. } => format!("{} → {}", desk.unit_name(*from), desk.unit_name(*to)),
        Asked::Grant(grant) => {
            format!("{} – {}", desk.role_title(&grant.role), desk.unit_name(grant.scope.unit))
        }
        Asked::Holding { position, .. } => grants::grantee(desk, Grantee::Position(*position)).0,
        Asked::Head { unit, .. } => desk.unit_name(*unit),
        Asked::Delegation { lender, .. } => {
            format!("{} {}", desk.say("của", "of"), desk.person_name(*lender))
        }
        Asked::Move { from, to, .. } => {
            let from = from.map_or_else(|| desk.say("đơn vị gốc", "a root"), |from| desk.unit_name(from));
            format!("{from} → {}", desk.unit_name(*to))
        }
        Asked::Root { code, .. } => code.clone(),
        Asked::Entries(asked) => {
            let more = if asked.len() as usize > asked.codes.len() { ", …" } else { "" };
            format!("{}{more}", asked.codes.join(", "))
        }
    }
}

/// All that is asked for, as facts.
pub fn facts(desk: &Desk<'_>, request: &Request) -> Vec<Fact> {
    let language = desk.language();
    let unit = |label: String, unit| links::unit(desk, label, unit);
    let mut list = about(desk, &request.asked);
    let label = |label: dinh_model::Label| {
        fact(desk.say("Độ mật đến", "Up to the label"), text(label.name(language)))
    };
    let term = |term: &dinh_access::Term| {
        let first = words::first_day(term).map(|day| fact(desk.say("Từ ngày", "From"), fields::day(day)));
        let last =
            words::last_day(term).map(|day| fact(desk.say("Đến hết ngày", "Through"), fields::day(day)));
        first.into_iter().chain(last)
    };
    match &request.asked {
        Asked::Account(account) => {
            if let Some(found) = desk.directory().account(*account).ok().flatten() {
                list.push(label(found.clearance));
            }
        }
        Asked::Accounts { places, positions, .. } => {
            for (of, up_to) in places {
                list.push(unit(desk.say("Đơn vị", "Unit"), *of));
                list.push(label(*up_to));
            }
            for held in positions {
                let more = format!(": {} {}", held.holders.len(), desk.say("người", "people"));
                let title = desk.say("Giao chức vụ", "Position");
                list.push(links::position(desk, title, held.position, &more));
            }
        }
        Asked::Clearance { clearance, .. } => list.push(label(*clearance)),
        Asked::Transfer { from, to, .. } => {
            list.push(unit(desk.say("Từ đơn vị", "From the unit"), *from));
            list.push(unit(desk.say("Đến đơn vị", "To the unit"), *to));
            if request.state == RequestState::Open {
                list.push(kept(desk, request));
            }
        }
        Asked::Grant(grant) => {
            list.push(fact(desk.say("Vai trò", "Role"), text(desk.role_title(&grant.role))));
            list.push(unit(desk.say("Phạm vi", "Scope"), grant.scope.unit));
            if grant.scope.own {
                let own = desk.say("Chỉ hồ sơ của chính người đó", "Own records only");
                list.push(fact(desk.say("Giới hạn", "Restricted to"), text(own)));
            }
            list.push(label(grant.label));
            list.extend(term(&grant.term));
        }
        Asked::Holding { position, term: held, .. } => {
            list.push(links::position(desk, desk.say("Chức vụ", "Position"), *position, ""));
            list.extend(term(held));
        }
        Asked::Head { unit: of, label: up_to, replaces, .. } => {
            list.push(unit(desk.say("Đơn vị", "Unit"), *of));
            list.push(label(*up_to));
            if let Some(before) = replaces {
                list.extend(links::person(desk, desk.say("Thay cho", "In the place of"), *before));
            }
        }
        Asked::Delegation { lender, grants: lent, term: lasts, .. } => {
            list.extend(links::person(desk, desk.say("Người uỷ quyền", "Lent by"), *lender));
            let lent: Vec<_> = lent.iter().map(|id| grants::in_words(desk, *id)).collect();
            list.push(fact(desk.say("Quyền được uỷ", "What is lent"), text(lent.join("; "))));
            list.extend(term(lasts));
        }
        Asked::Move { from, to, .. } => {
            list.extend(from.map(|from| unit(desk.say("Từ đơn vị cấp trên", "From under"), from)));
            list.push(unit(desk.say("Sang đơn vị cấp trên", "To under"), *to));
        }
        Asked::Entries(asked) => {
            list.push(unit(desk.say("Đơn vị đề nghị", "Proposed by"), asked.unit));
            let count = |count: u32| super::blocks::count(count as usize);
            list.push(fact(desk.say("Mã thêm mới", "New entries"), count(asked.added)));
            list.push(fact(desk.say("Mã được sửa", "Changed entries"), count(asked.changed)));
        }
        Asked::Root { code, kind, valid_from, .. } => {
            list.push(fact(desk.say("Mã", "Code"), text(code)));
            list.push(fact(desk.say("Loại", "Kind"), text(kind)));
            list.push(fact(desk.say("Từ ngày", "From"), fields::day(*valid_from)));
        }
    }
    list
}

/// Whom or what it is about.
fn about(desk: &Desk<'_>, asked: &Asked) -> Vec<Fact> {
    let label = desk.say("Cho", "For");
    match asked {
        Asked::Grant(AskedGrant { to: Grantee::Account(account), .. })
        | Asked::Account(account)
        | Asked::Clearance { account, .. }
        | Asked::Transfer { account, .. }
        | Asked::Holding { account, .. }
        | Asked::Head { account, .. }
        | Asked::Delegation { borrower: account, .. } => links::person(desk, label, *account),
        Asked::Grant(AskedGrant { to: Grantee::Position(position), .. }) => {
            vec![links::position(desk, label, *position, "")]
        }
        Asked::Move { unit, .. } => vec![links::unit(desk, label, *unit)],
        // The people of an import stand below.
        Asked::Accounts { .. } | Asked::Root { .. } => vec![fact(label, text(whom(desk, asked)))],
        Asked::Entries(entries) => {
            vec![leading(label, text(whom(desk, asked)), format!("/catalogs/{}", entries.catalog))]
        }
    }
}

/// What somebody keeps who goes to another unit: whoever approves takes away what is not meant.
fn kept(desk: &Desk<'_>, request: &Request) -> Fact {
    let kept = kept_by(desk.call, request).unwrap_or_default();
    let given = kept.grants.iter().map(|grant| grants::in_words(desk, grant.id));
    let held = kept.positions.iter().map(|it| grants::grantee(desk, Grantee::Position(*it)).0);
    let all: Vec<_> = given.chain(held).collect();
    let said = match all.is_empty() {
        true => desk.say("không còn quyền, chức vụ nào", "no grant and no position"),
        false => all.join("; "),
    };
    fact(desk.say("Sau khi chuyển vẫn giữ", "Keeps afterwards"), text(said))
}

/// Who asked, when, why, and what became of it, as facts.
pub fn course(desk: &Desk<'_>, request: &Request) -> Vec<Fact> {
    let (state, tone) = standing(request, desk.call.now(), desk.language());
    let mut list = vec![
        badge(desk.say("Tình trạng", "State"), state, tone),
        fact(desk.say("Người đề nghị", "Asked by"), text(signature(desk, Some(request.by)))),
        fact(desk.say("Lập lúc", "Made"), moment(request.at)),
    ];
    if !request.reason.is_empty() {
        list.push(fact(desk.say("Lý do, căn cứ", "Reason and basis"), text(&request.reason)));
    }
    match decision(request) {
        None => list.push(fact(desk.say("Hết hạn xem xét", "Lapses"), moment(request.lapses()))),
        Some(decision) => {
            list.push(fact(desk.say("Người quyết định", "Decided by"), text(signature(desk, decision.by))));
            list.push(fact(desk.say("Lúc", "When"), moment(decision.at)));
            if !decision.reason.is_empty() {
                list.push(fact(desk.say("Lý do quyết định", "Why"), text(&decision.reason)));
            }
        }
    }
    list
}

fn decision(request: &Request) -> Option<&Decision> {
    use dinh_services::accounts::RequestState::{Approved, Lapsed, Open, Refused, Withdrawn};
    match &request.state {
        Approved(decision) | Refused(decision) | Withdrawn(decision) => Some(decision),
        Open | Lapsed => None,
    }
}

/// Who signed, and for whom if the rights were lent.
fn signature(desk: &Desk<'_>, by: Option<Signature>) -> String {
    let Some(by) = by else { return desk.say("Người vận hành hệ thống", "The operator") };
    let name = desk.person_name(by.account);
    match by.on_behalf_of {
        None => name,
        Some(lender) => format!("{name} ({} {})", desk.say("thay", "for"), desk.person_name(lender)),
    }
}

/// How a request stands, and what that means.
pub fn standing(request: &Request, now: Timestamp, language: Language) -> (String, Tone) {
    let (vi, en, tone) = match request.standing(now) {
        "open" => ("Chờ phê duyệt", "Waits for approval", Tone::Warning),
        "approved" => ("Đã phê duyệt", "Approved", Tone::Good),
        "refused" => ("Bị từ chối", "Refused", Tone::Bad),
        "withdrawn" => ("Đã rút", "Withdrawn", Tone::Neutral),
        _ => ("Quá hạn xem xét", "Lapsed", Tone::Neutral),
    };
    (Localized::new(vi, en).get(language).to_owned(), tone)
}
