//! Catalogs that come with the platform; `shipped/README.md` names their sources.

use dinh_model::Localized;

use super::import::{Existing, Imported, import};
use super::{Catalog, manage};
use crate::{Call, ServiceError};

/// The provinces (tỉnh, thành phố trực thuộc trung ương).
pub const PROVINCES: &str = "provinces";

const PROVINCES_CSV: &str = include_str!("shipped/provinces.csv");

/// Installs the catalogs that come with the platform, and entries that are new in them; what the
/// deployment has changed stays as it is. Needs `dinh.catalog.manage` everywhere.
pub fn ship(call: &mut Call) -> Result<Imported, ServiceError> {
    let provinces = Catalog {
        name: PROVINCES.to_owned(),
        title: Localized::new("Tỉnh, thành phố", "Provinces and cities"),
        source: "Quyết định 124/2004/QĐ-TTg; Nghị quyết 175/2024/QH15; Nghị quyết 202/2025/QH15; \
                 Quyết định 19/2025/QĐ-TTg"
            .to_owned(),
    };
    manage::define(call, &provinces)?;
    import(call, PROVINCES, "provinces.csv", PROVINCES_CSV.as_bytes(), Existing::Keep)
}
