//! Tổ chức đảng: one row for each organisation and day; units by their codes.

use dinh_sdk::accounts;
use dinh_sdk::prelude::*;
use dinh_sdk::sheet::Rows;

use super::{Listed, Wrong, wrong};
use crate::model::division::Organisation;
use crate::pages::organisations::{kinds, levels};

impl Listed for Organisation {
    const BLOCK: &'static str = "organisations";
    const PAGE: &'static str = "/organisations";
    const KEY: &'static str = "organisation";

    fn title(request: &Request) -> &str {
        request.say("Tệp tổ chức đảng", "File of organisations")
    }

    fn columns(request: &Request) -> Vec<SheetColumn> {
        let say = |vi, en| request.say(vi, en);
        vec![
            SheetColumn::text("organisation", say("Mã tổ chức", "Code of the organisation")).required(),
            SheetColumn::choice("kind", say("Loại hình", "Kind"), kinds(request)).required(),
            SheetColumn::choice("level", say("Cấp", "Level"), levels(request)).required(),
            SheetColumn::text("upper", say("Mã tổ chức cấp trên", "Code of the one above")),
            SheetColumn::date("from", say("Áp dụng từ", "From")).required(),
            SheetColumn::text("source", say("Căn cứ", "Source")).required(),
        ]
    }

    fn of(request: &Request, rows: &Rows, row: usize) -> Option<Result<Self, Wrong>> {
        let unit = |column: &'static str, code: &str| {
            let unknown = ("Không có đơn vị mang mã này", "There is no unit of this code");
            let remedy = ("Dùng mã trong cây đơn vị.", "Use a code of the tree of units.");
            let found = accounts::find_unit(code.trim()).map(|unit| UnitId(unit.id));
            found.ok_or_else(|| wrong(request, column, unknown, remedy))
        };
        let code: String = rows.get(row, "organisation")?;
        let upper: Option<String> = rows.get(row, "upper");
        let (kind, level) = (rows.get(row, "kind")?, rows.get(row, "level")?);
        let (from, source) = (rows.get(row, "from")?, rows.get(row, "source")?);
        let placed = || {
            let organisation = unit("organisation", &code)?;
            let upper = upper.map(|upper| unit("upper", &upper)).transpose()?;
            if upper == Some(organisation) {
                let message = ("Tổ chức không nộp cho chính mình", "Nobody remits to themselves");
                return Err(wrong(request, "upper", message, ("Sửa mã cấp trên.", "Correct the code.")));
            }
            Ok(Self { organisation, kind, level, upper, from, source })
        };
        Some(placed())
    }

    fn same(&self, other: &Self) -> bool {
        self.organisation == other.organisation && self.from == other.from
    }
}
