//! A notice to an officer: seen by whom it is for, and ticked off.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::actor;
use crate::model::OfficerNotice;
use crate::model::notice::state;

/// Draws it.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let notice = own(request)?;
    let say = |vi, en| request.say(vi, en);
    let mut facts = vec![
        Fact::new(say("Thông báo lúc", "Told at"), notice.told_at).width(4),
        Fact::new(say("Đã xem lúc", "Seen at"), notice.read_at).width(4),
    ];
    if let Some(text) = &notice.text {
        facts.push(Fact::new(say("Nội dung, ý kiến", "What was said"), text.clone()).width(12));
    }
    let mut page = Page::new(notice.subject.clone())
        .breadcrumb(say("Hồ sơ của tôi", "My record"), "/own")
        .action(Action::open(say("Xem hồ sơ của tôi", "See my record"), "/own"))
        .block(Facts::new(facts));
    if notice.state == state::UNREAD {
        page = page.block(Form::new("seen", say("Đã xem", "Seen")).showing(&notice).help(say(
            "Thông báo thôi hiện trong danh sách việc cần làm của anh/chị.",
            "It leaves your inbox.",
        )));
    }
    Ok(page)
}

/// Ticks it off.
pub(crate) fn seen(request: &Request, _: &Submission) -> Result<Outcome> {
    let mut notice = own(request)?;
    state::READ.clone_into(&mut notice.state);
    notice.read_at = notice.read_at.or_else(|| Some(time::now()));
    notice.save()?;
    Ok(Outcome::done("/own").saying(request.say("Đã xem thông báo", "Notice seen")))
}

/// The notice that the address names, if it is for whoever asks.
fn own(request: &Request) -> Result<Stored<OfficerNotice>> {
    let notice = OfficerNotice::get(request.parameter("id")?)?;
    if notice.account == actor(request)? {
        Ok(notice)
    } else {
        Err(Error::NotFound(request.path().to_owned()))
    }
}
