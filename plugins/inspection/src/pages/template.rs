//! A document from a template, filled in with the dossier's data: to be printed in its form, signed, and recorded on the
//! same page with the scan of what was signed.

use dinh_sdk::prelude::*;

use super::dossier::Case;
use super::{act, kind_name, unit_name};
use crate::model::catalog::list;
use crate::model::shared;
use crate::model::{Catalog, Dossier, Measure, Template};
use crate::permission;
use crate::rules::template::fill;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let case = Case::load(request.parameter("id")?)?;
    let (dossier, catalog, today) = (&case.dossier, &case.catalog, case.today);
    let code: String = request.parameter("code")?;
    let template = Template::of(&dossier.kind, today)?.into_iter().find(|template| template.code == code);
    let template = template.or_not_found(code)?;
    let member = match dossier.member {
        Some(member) => shared::name_of(member)?,
        None => None,
    };
    let value = |word: &str| value(request, dossier, catalog, member.as_deref(), (word, today));
    let text = fill(&template.body, value).into_iter().map(Paragraph::new).collect::<Vec<_>>();
    let page = Page::new(template.title.clone())
        .letterhead(dossier.unit)
        .subtitle(say(
            "Văn bản dự thảo theo mẫu: in ra để ký, rồi đính kèm bản đã ký vào hồ sơ ngay dưới đây",
            "A draft from a template: print it, have it signed, then attach what was signed below",
        ))
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .breadcrumb(dossier.sign(), crate::deeds::shown_at(dossier.id))
        .label(Label::Confidential)
        .block(text);
    if !case.is_under_way() || !case.may(permission::WORK) {
        return Ok(page);
    }
    let form = act::document_form(request, &case, Some(&template.code));
    let title = say("Cập nhật bản đã ký", "Record what was signed");
    Ok(page.section(Section::new("record-document", title).block(form)))
}

/// What a word of a template stands for.
fn value(
    request: &Request,
    dossier: &Stored<Dossier>,
    catalog: &Catalog,
    member: Option<&str>,
    (word, today): (&str, Date),
) -> Option<String> {
    let day = |day: Date| day.strftime("ngày %d tháng %m năm %Y").to_string();
    let organisation = unit_name(dossier.organisation);
    Some(match word {
        "so" => dossier.sign(),
        "loai" => kind_name(request, &dossier.kind),
        "trich-yeu" => dossier.title.clone(),
        "don-vi" => unit_name(dossier.unit),
        "to-chuc" => organisation,
        "doi-tuong" => match dossier.member {
            Some(_) => format!("đồng chí {}", member?),
            None => organisation,
        },
        "cap" => catalog.title(list::LEVEL, &dossier.level),
        "noi-dung" => catalog.title(list::CONTENT, &dossier.content),
        "buoc" => dossier.step.clone()?,
        "ngay" => day(today),
        "ngay-lap" => day(dossier.opened_on),
        "han" => day(dossier.due?),
        "ket-luan" => catalog.title(list::CONCLUSION, dossier.conclusion.as_deref()?),
        "noi-dung-ket-luan" => dossier.findings.clone()?,
        // A decision is filled in for whoever may see decisions.
        "hinh-thuc" => Measure::of(dossier.id).ok()?.pop()?.record.form_title,
        "so-quyet-dinh" => Measure::of(dossier.id).ok()?.pop()?.record.number,
        "ngay-ket-luan" => day(dossier.concluded_on?),
        _ => return None,
    })
}
