//! The inbox (việc cần xử lý): what waits for the reader to decide, in the platform and in each application, and what
//! they asked others to decide. Everybody has one; each sees only what is theirs.

use dinh_model::RequestId;
use dinh_runtime::bindings::views::Page;
use dinh_services::accounts::{inbox, my_requests};
use dinh_services::sharing::open_contracts;

use super::blocks::{bullets, link, note, page as blank, section, untitled};
use super::desk::{Desk, Given};
use super::{asked, jobs, notices, plugins, sharing, tasks, timers};

/// Requests of one's own that the inbox shows; their page shows all.
const SHOWN: usize = 10;

/// `/inbox`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let after: Option<RequestId> = desk.parsed("after")?;
    let found = inbox(desk.call, after, desk.rows())?;
    let next = found.next.map(|next| next.to_string());
    let goes_on = found.requests.is_empty() && next.is_some();
    let waiting = found.requests;
    let waiting = asked::named(desk, waiting);
    let empty = desk.say("Không có đề nghị nào chờ bạn quyết định.", "No request waits for your decision.");
    let list = asked::table(desk, "inbox", &waiting, empty).paged(desk.started(), next).block();
    let mut blocks = vec![list];
    if goes_on {
        blocks.push(note(desk.say(
            "Chưa thấy việc nào của bạn trong phần vừa xem; hãy xem tiếp.",
            "Nothing of yours in the part looked at; go on.",
        )));
    }
    let mut page = blank(desk.say("Việc cần xử lý", "Inbox"));
    page.subtitle = Some(desk.say(
        "Các đề nghị chờ bạn phê duyệt hoặc từ chối, cũ nhất trước, và việc chờ bạn trong các ứng dụng.",
        "Requests that wait for your approval or refusal, the oldest first, and tasks in applications.",
    ));
    page.sections.push(section("waiting", desk.say("Chờ bạn quyết định", "For you to decide"), blocks));
    if !desk.exporting() && !desk.started() {
        page.sections.extend(notices::newest(desk)?);
        let contracts = open_contracts(desk.call)?;
        if !contracts.is_empty() {
            let table =
                sharing::contracts::table(desk, "contracts", &contracts, String::new()).within().block();
            let title =
                desk.say("Đề nghị chia sẻ dữ liệu chờ bạn quyết định", "Shared data for you to decide on");
            page.sections.push(section("contracts-waiting", title, vec![table]));
        }
        page.sections.extend(sharing::waiver::waiting(desk)?);
        page.sections.extend(sharing::contracts::due_for_removal(desk)?);
        page.sections.extend(sharing::changes::waiting(desk)?);
        page.sections.extend(plugins::waiting(desk)?);
        page.sections.extend(timers::waiting(desk)?);
        page.sections.extend(tasks::sections(desk)?);
        page.sections.extend(jobs::lately(desk)?);
        let own = my_requests(desk.call, None, SHOWN)?;
        let rows = asked::named(desk, own.requests);
        let mut blocks = vec![asked::table(desk, "mine", &rows, none_of_mine(desk)).within().block()];
        if own.next.is_some() {
            blocks.push(bullets(vec![link(desk.say("Mọi đề nghị của tôi", "All my requests"), "/requests")]));
        }
        page.sections.push(section("mine-lately", desk.say("Đề nghị của tôi", "My requests"), blocks));
    }
    Ok(page)
}

/// `/requests`
pub fn mine(desk: &mut Desk<'_>) -> Given<Page> {
    let before: Option<RequestId> = desk.parsed("after")?;
    let found = my_requests(desk.call, before, desk.rows())?;
    let rows = asked::named(desk, found.requests);
    let next = found.next.map(|next| next.to_string());
    let list = asked::table(desk, "mine", &rows, none_of_mine(desk)).paged(desk.started(), next).block();
    let mut page = blank(desk.say("Đề nghị của tôi", "My requests"));
    page.subtitle = Some(desk.say("Mới nhất trước.", "Newest first."));
    page.breadcrumbs = vec![link(desk.say("Việc cần xử lý", "Inbox"), "/inbox")];
    page.sections = vec![untitled("list", vec![list])];
    Ok(page)
}

fn none_of_mine(desk: &Desk<'_>) -> String {
    desk.say("Bạn chưa lập đề nghị nào.", "You have asked for nothing.")
}
