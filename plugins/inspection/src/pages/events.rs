//! What happened to a dossier, in order.

use dinh_sdk::prelude::*;
use dinh_sdk::view::Event as Happened;

use crate::model::dossier::event;
use crate::model::{Dossier, Event};

/// The events, the opening first.
pub(crate) fn timeline(request: &Request, dossier: &Stored<Dossier>) -> Result<Vec<Happened>> {
    let say = |vi, en| request.say(vi, en);
    let opened = Happened::new(dossier.opened_on, say("Lập hồ sơ", "Opened")).by(dossier.opened_by);
    let mut happened = vec![opened];
    for known in Event::all().filter(Event::DOSSIER.is(dossier.id)).list()? {
        happened.push(draw(request, &known));
    }
    Ok(happened)
}

fn draw(request: &Request, known: &Event) -> Happened {
    let language = request.language();
    let (title, tone) = match known.kind.as_str() {
        event::SUSPENDED => (language.of("Tạm đình chỉ", "Suspended"), Tone::Warning),
        event::RESUMED => (language.of("Cho tiếp tục", "Resumed"), Tone::Info),
        event::EXTENDED => (language.of("Gia hạn", "Extended"), Tone::Warning),
        event::WAIVED => {
            (language.of("Cho kết thúc bước khi thiếu tài liệu", "Documents may lack"), Tone::Warning)
        }
        event::CONCLUDED => (language.of("Ghi kết luận", "Concluded"), Tone::Info),
        event::REPLACED => (language.of("Thay tệp của tài liệu", "A file was replaced"), Tone::Warning),
        event::BROUGHT => (language.of("Chuyển từ sổ giấy", "From the paper book"), Tone::Neutral),
        _ => (language.of("Kết thúc hồ sơ", "Closed"), Tone::Good),
    };
    let day = |day: Date| day.strftime("%d/%m/%Y").to_string();
    let term = match (known.from, known.until) {
        (Some(from), Some(until)) => Some(format!("{} → {}", day(from), day(until))),
        (Some(from), None) => Some(day(from)),
        _ => None,
    };
    let text: Vec<String> = [term, known.reason.clone()].into_iter().flatten().collect();
    let happened = Happened::new(known.at, title).by(known.by).tone(tone);
    if text.is_empty() { happened } else { happened.text(text.join(" · ")) }
}
