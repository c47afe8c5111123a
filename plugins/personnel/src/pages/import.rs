//! Import of officers, of their histories and of what their files hold.

use dinh_sdk::prelude::*;

use crate::import::{histories, papers, people};
use crate::model::{Allowance, Career, Discipline, Relative, Reward, SalaryStep, Training};
use crate::sheet::tables::Described;

fn page(request: &Request) -> Page {
    let mut tabs = vec![Link::new(request.say("Cán bộ", "Officers"), "/import")];
    tabs.extend([
        tab::<Training>(request),
        tab::<Career>(request),
        tab::<Relative>(request),
        tab::<SalaryStep>(request),
        tab::<Allowance>(request),
        tab::<Reward>(request),
        tab::<Discipline>(request),
        Link::new(super::papers::title(request), "/import/papers"),
    ]);
    Page::new(request.say("Nhập từ bảng tính", "Import"))
        .subtitle(request.say(
            "Tệp .xlsx hoặc .csv; mọi dòng được kiểm tra và báo cáo trước khi ghi",
            "A .xlsx or .csv file; every line is checked and reported before anything is written",
        ))
        .block(tabs)
}

fn tab<R: Described>(request: &Request) -> Link {
    Link::new(R::title(request), Address::new("/import").segment(R::ID))
}

/// Draws the import of officers.
pub(crate) fn people(request: &Request) -> Result<Page> {
    Ok(page(request).block(people::block(request)?))
}

/// Draws the import of a history.
pub(crate) fn history<R: Described>(request: &Request) -> Result<Page> {
    Ok(page(request).block(histories::block::<R>(request)?))
}

/// Draws the import of papers.
pub(crate) fn papers(request: &Request) -> Result<Page> {
    Ok(page(request).block(papers::block(request)?))
}
