//! Changes of members (biến động): who came, left or earns otherwise since somebody looked.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::{Scope, under_contract};
use crate::model::{MemberName, Watched, review};
use crate::permission;
use crate::rules::changes::Change;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Biến động đảng viên cần rà soát", "Changes of members to review");
    let scope = Scope::read(request, permission::READ)?;
    under_contract(request, title, || page(request, title, &scope))
}

fn page(request: &Request, title: &str, scope: &Scope) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    if sharing::agreed(MemberName::COLLECTION)?.is_none() {
        // The refusal says how it stands, and what to do.
        MemberName::all().count()?;
    }
    let open = Watched::all()
        .filter(Watched::STATE.is(review::OPEN.to_owned()))
        .filter(Watched::UNIT.is(scope.unit))
        .page(request.after(), 50)?;
    let table = table(request, &open.rows, scope.unit).paged(request, open.next);
    Ok(Page::new(title)
        .letterhead(scope.unit)
        .subtitle(super::unit_name(scope.unit))
        .block(Filters::new(vec![scope.unit_field(request)?]).submit(say("Xem", "Show")))
        .block(table.empty(say("Không có biến động nào chưa rà soát.", "Nothing waits to be reviewed."))))
}

/// Draws one of them, as the inbox leads to it.
pub(crate) fn one(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let watched = Watched::get(request.parameter("id")?)?;
    let unit = watched.unit;
    Ok(Page::new(say("Biến động đảng viên", "Change of a member"))
        .subtitle(super::unit_name(unit))
        .breadcrumb(say("Biến động", "Changes"), "/changes")
        .block(table(request, &[watched], unit)))
}

fn table(request: &Request, rows: &[Stored<Watched>], unit: UnitId) -> Table {
    let say = |vi, en| request.say(vi, en);
    let reviewed = say("đã rà soát", "reviewed");
    let table = Table::of("changes", rows)
        .column(
            Head::new("member", say("Đảng viên", "Member")).wide().showing(MemberName::FULL_NAME),
            |row| row.member,
        )
        .column(Head::new("change", say("Biến động", "Change")).wide(), |row| {
            let change = row.change.as_deref().and_then(Change::of_key);
            change.map(|change| request.say(change.words().0, change.words().1))
        })
        .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |row| {
            let open = row.state == review::OPEN;
            let (word, tone) =
                if open { (say("chưa rà soát", "open"), Tone::Warning) } else { (reviewed, Tone::Good) };
            Cell::new(word).tone(tone)
        })
        .column(Head::new("noted-at", say("Ghi nhận lúc", "Noted")), |row| row.noted_at)
        .row_target(|row| Some(Address::new("/members").segment(row.member)))
        .row_key(|row| row.id.to_string())
        .build()
        .note(say(
            "Do hồ sơ cán bộ báo theo thoả thuận chia sẻ.",
            "As personnel tells of its members under the contract.",
        ));
    if !access::may(permission::REVIEW, unit) {
        return Table { row_keys: Vec::new(), ..table };
    }
    table.bulk_action(Action::submit(say("Đã rà soát", "Reviewed"), "reviewed"))
}
