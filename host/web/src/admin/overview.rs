//! The overview: what the reader administers, in figures that lead to the lists.

use dinh_runtime::bindings::views::{Block, Page, Tone};
use dinh_services::accounts::{AccountState, GrantFilter, count_people, find_grants};
use dinh_services::permissions::{ACCOUNT_MANAGE, AUDIT_READ, GRANT_MANAGE};

use dinh_services::secrets::{SealError, key_states};

use super::blocks::{link, metric, notice, page as blank, untitled};
use super::desk::{Desk, Given};
use super::units;

/// Days ahead for which ending grants are counted.
const AHEAD: i64 = 30;

/// `/`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let mut metrics = Vec::new();
    let today = desk.call.today();
    let tree = units::seen(desk)?;
    let valid = tree.iter().filter(|seen| seen.unit.is_valid_on(today)).count();
    if valid > 0 {
        metrics.push(metric(desk.say("Đơn vị", "Units"), valid, Some("/units".into())));
    }
    let grants = desk.call.require_somewhere(&GRANT_MANAGE, None).is_ok();
    let accounts = grants || desk.call.require_somewhere(&ACCOUNT_MANAGE, None).is_ok();
    if accounts {
        for (state, vi, en) in [
            (AccountState::Active, "Tài khoản đang hoạt động", "Active accounts"),
            (AccountState::Suspended, "Tài khoản tạm khoá", "Suspended accounts"),
        ] {
            let count = count_people(desk.call, state)?;
            let path = format!("/people?state={}", state.as_str());
            metrics.push(metric(desk.say(vi, en), count, Some(path)));
        }
    }
    if grants {
        let before = desk.call.now() + jiff::SignedDuration::from_hours(24 * AHEAD);
        let filter =
            GrantFilter { in_force: Some(true), ends_before: Some(before), ..GrantFilter::default() };
        let ending = find_grants(desk.call, &filter, None, usize::MAX)?.grants.len();
        let label = desk.say("Phân quyền hết hạn trong 30 ngày", "Grants that end within 30 days");
        metrics.push(metric(label, ending, Some("/grants?ending=true".into())));
    }
    let mut tasks = Vec::new();
    if accounts {
        tasks.push(link(desk.say("Tìm một tài khoản", "Find an account"), "/people"));
    }
    if grants {
        tasks.push(link(desk.say("Cấp quyền cho một người", "Give somebody a right"), "/grants/new"));
        tasks.push(link(desk.say("Xem ai được làm một việc", "See who may do something"), "/who-can"));
        tasks.push(link(desk.say("Xem vì sao ai đó không được", "See why somebody may not"), "/why-not"));
    }
    if desk.call.require_somewhere(&AUDIT_READ, None).is_ok() {
        tasks.push(link(desk.say("Xem nhật ký", "Read the evidence"), "/evidence"));
    }
    let mut page = blank(desk.say("Tổng quan", "Overview"));
    page.subtitle = Some(
        desk.say("Những gì thuộc phạm vi bạn quản trị hôm nay.", "What you administer, as it is today."),
    );
    page.sections = vec![untitled("figures", vec![Block::Metrics(metrics)])];
    if desk.call.require_everywhere(&AUDIT_READ).is_ok() {
        page.sections.push(untitled("keys", keys(desk)?));
    }
    page.sections.push(super::blocks::section(
        "tasks",
        desk.say("Việc thường làm", "Frequent tasks"),
        vec![super::blocks::bullets(tasks)],
    ));
    Ok(page)
}

/// What keeps the keys of sealed data, and which of them cannot be used.
fn keys(desk: &Desk<'_>) -> Given<Vec<Block>> {
    let language = desk.language();
    let title =
        desk.say("Niêm phong dữ liệu mật và dữ liệu cá nhân", "How confidential and personal data is sealed");
    let kept = notice(Tone::Warning, title, desk.platform().keys_are().get(language).to_owned());
    let states = key_states(desk.platform())?;
    let problems = states.into_iter().filter_map(|key| Some((key.owner, key.problem?)));
    let problem = |(owner, problem): (String, SealError)| {
        let title = desk.say(&format!("Dữ liệu niêm phong của {owner}"), &format!("Sealed data of {owner}"));
        notice(Tone::Bad, title, problem.text(language).to_owned())
    };
    Ok(std::iter::once(kept).chain(problems.map(problem)).map(Block::Notice).collect())
}
