//! The words of sharing, as pages show them.

use dinh_model::{Frequency, Keep, Language, Localized};
use dinh_runtime::bindings::views::{Choice, Tone};
use dinh_services::sharing::{Consumer, Contract, Copies, DueCopies, Signed, Standing};

use crate::admin::desk::Desk;
use crate::admin::fields::option;

/// How a contract stands, and what that means for its reader.
pub fn standing(standing: Standing, language: Language) -> (String, Tone) {
    let tone = match standing {
        Standing::Requested | Standing::Coming => Tone::Info,
        Standing::Overdue => Tone::Bad,
        Standing::Active => Tone::Good,
        Standing::Expiring => Tone::Warning,
        Standing::Expired | Standing::Refused | Standing::Revoked | Standing::Withdrawn => Tone::Neutral,
    };
    (standing.name(language), tone)
}

/// All standings, to choose from.
pub fn standings(language: Language) -> Vec<Choice> {
    Standing::ALL.into_iter().map(|known| option(known.as_str(), known.name(language))).collect()
}

/// What may be kept.
pub fn keep(keep: Keep, language: Language) -> String {
    let (vi, en) = match keep {
        Keep::Nothing => ("Không lưu giữ gì", "Nothing"),
        Keep::References => ("Tham chiếu và giá trị suy ra", "References and derived values"),
        Keep::Copies => ("Bản sao có thời hạn", "Copies until a day"),
    };
    Localized::new(vi, en).get(language).to_owned()
}

/// How often something is brought up to date.
pub fn frequency(often: Frequency, language: Language) -> String {
    let (vi, en) = match often {
        Frequency::Continuous => ("Ngay khi phát sinh", "As things happen"),
        Frequency::Daily => ("Hằng ngày", "Daily"),
        Frequency::Weekly => ("Hằng tuần", "Weekly"),
        Frequency::Monthly => ("Hằng tháng", "Monthly"),
        Frequency::Quarterly => ("Hằng quý", "Quarterly"),
        Frequency::Annual => ("Hằng năm", "Yearly"),
        Frequency::Irregular => ("Không định kỳ", "Now and then"),
    };
    Localized::new(vi, en).get(language).to_owned()
}

/// The type of a field, as manifests spell it, in the reader's words.
pub fn kind(kind: &str, language: Language) -> String {
    let vi = match kind {
        "integer" => "Số nguyên",
        "money" => "Số tiền",
        "decimal" => "Số thập phân",
        "text" => "Chữ",
        "code" => "Mã danh mục",
        "date" => "Ngày",
        "instant" => "Thời điểm",
        "boolean" => "Có/Không",
        "reference" => "Tham chiếu bản ghi",
        "unit" => "Đơn vị",
        "account" => "Tài khoản",
        "attachment" => "Tệp đính kèm",
        "texts" => "Danh sách chữ",
        other => other,
    };
    Localized::new(vi, kind).get(language).to_owned()
}

/// The name of a plugin; its id where it is not served.
pub fn plugin(desk: &Desk<'_>, id: &dinh_model::PluginId) -> String {
    let plugins = desk.plugins();
    let known = plugins.iter().find(|plugin| plugin.manifest.id == *id);
    known.map_or_else(|| id.to_string(), |plugin| plugin.manifest.name.get(desk.language()).to_owned())
}

/// Who reads.
pub fn consumer(desk: &Desk<'_>, consumer: &Consumer) -> String {
    match consumer {
        Consumer::Plugin { plugin: id, .. } => plugin(desk, id),
        Consumer::Account(account) => {
            format!(
                "{} {}",
                desk.say("Hệ thống ngoài, tài khoản", "Outside system, account"),
                desk.person_name(*account)
            )
        }
    }
}

/// The title of a collection, with the plugin's name.
pub fn collection(desk: &Desk<'_>, id: &dinh_model::PluginId, collection: &str) -> String {
    let plugins = desk.plugins();
    let known = plugins.iter().find(|plugin| plugin.manifest.id == *id);
    let title = known.and_then(|plugin| plugin.data.collection(collection));
    let title = title.map_or(collection, |found| found.title.get(desk.language()));
    format!("{}: {title}", plugin(desk, id))
}

/// How many records have to go.
pub fn due(desk: &Desk<'_>, copies: &Copies) -> String {
    let (records, more) = (copies.records(), if copies.more { "+" } else { "" });
    match desk.language() {
        Language::Vi => format!("{records}{more} bản ghi phải xoá vì đã hết hạn giữ bản sao"),
        Language::En => format!("{records}{more} records have to go: the time of their copies is over"),
    }
}

/// What to do about them, and until when.
pub fn remedy(desk: &Desk<'_>, due: DueCopies) -> String {
    let day = crate::format::date(due.removed_from);
    match desk.language() {
        Language::Vi => format!(
            "Hãy xoá các bản ghi này, thay nội dung đã sao, hoặc đề nghị thoả thuận mới trước ngày {day}. Từ ngày đó hệ thống tự xoá; bản ghi đang được bản ghi khác tham chiếu thì xoá phần đã sao."
        ),
        Language::En => format!(
            "Remove them, write over what was copied, or ask for a new contract before {day}. From then on the platform removes them; of records that others refer to, what was copied."
        ),
    }
}

/// The title of a contract's dataset.
pub fn dataset(desk: &Desk<'_>, contract: &Contract) -> String {
    let offer = dinh_services::sharing::find_offer(desk.call, &contract.provider, &contract.dataset);
    match offer {
        Ok(Some(offer)) => offer.dataset.title.get(desk.language()).to_owned(),
        _ => contract.of(),
    }
}

/// Who did something, with both names where rights were lent.
pub fn signed(desk: &Desk<'_>, signed: &Signed) -> String {
    match signed.by {
        None => desk.say("Chủ sở hữu máy chủ (phá kính)", "The owner of the server (break-glass)"),
        Some(signature) => {
            let name = desk.person_name(signature.account);
            match signature.on_behalf_of {
                None => name,
                Some(lender) => {
                    format!("{name} ({} {})", desk.say("thay", "for"), desk.person_name(lender))
                }
            }
        }
    }
}
